using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>How the programme came to know at which site a patient is treated.</summary>
[GenerateSerializer, Alias("rems-enrolment-kind")]
public enum RemsEnrolmentKind
{
    /// <summary>The enrolment form, signed by prescriber and patient.</summary>
    Form = 1,

    /// <summary>Notice, in advance, that a patient who is enrolled goes to another certified site.</summary>
    TransferNotice = 2,
}

/// <summary>What esketamine is given for (Spravato label).</summary>
[GenerateSerializer, Alias("rems-indication")]
public enum RemsIndication
{
    TreatmentResistantDepression = 1,

    /// <summary>Depressive symptoms of a major depressive disorder with acute suicidal ideation or behaviour.</summary>
    AcuteSuicidality = 2,
}

/// <summary>Classes of medication that monitoring forms ask after.</summary>
[GenerateSerializer, Alias("rems-medication")]
public enum RemsMedication
{
    Benzodiazepines = 1,

    /// <summary>Other than benzodiazepines.</summary>
    SedativeHypnotics = 2,
    Opioids = 3,
    Psychostimulants = 4,

    /// <summary>Monoamine oxidase inhibitors.</summary>
    Maois = 5,
}

/// <summary>What makes an event serious, as the monitoring form counts it.</summary>
[GenerateSerializer, Alias("serious-criterion")]
public enum SeriousCriterion
{
    Hospitalisation = 1,
    Disability = 2,
    Death = 3,
    LifeThreatening = 4,
    ImportantMedicalEvent = 5,
}

/// <summary>The patient's enrolment in the drug's programme, for a site.</summary>
/// <param name="Number">1..n of this patient; as a fact <c>rems-enrolments/{number}</c>.</param>
/// <param name="Prescriber">Who signed the form; empty for a notice.</param>
/// <param name="Indication">Null for a notice.</param>
/// <param name="Reference">The programme's own; may be empty.</param>
/// <param name="OccurredAt">When the form was signed, or the notice given: the site counts from here.</param>
[GenerateSerializer, Immutable, Alias("rems-enrolment")]
public sealed record RemsEnrolment(
    [property: Id(0)] int Number,
    [property: Id(1)] RemsEnrolmentKind Kind,
    [property: Id(2)] ClinicId Clinic,
    [property: Id(3)] string Prescriber,
    [property: Id(4)] RemsIndication? Indication,
    [property: Id(5)] string Reference,
    [property: Id(6)] DateTimeOffset OccurredAt) : IRecordedFact
{
    FactName IRecordedFact.Fact => new(FactKind.RemsEnrolment, "", Number);

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(RemsEnrolment);
}

/// <summary>What a monitoring form asks for and nothing else of a session tells. Of several the one recorded last counts.</summary>
/// <param name="Number">1..n of this patient; as a fact <c>rems-details/{number}</c>.</param>
/// <param name="LotNumber">Of the devices; empty: not known.</param>
/// <param name="Taking">Classes that the patient takes; the others not.</param>
/// <param name="ReadyMinutes">From the beginning of the dose until the patient could have left, were there no two hours; null: not judged.</param>
/// <param name="MonitoredBy">Who watched the patient.</param>
/// <param name="OccurredAt">When it was asked.</param>
[GenerateSerializer, Immutable, Alias("rems-details")]
public sealed record RemsDetails(
    [property: Id(0)] int Number,
    [property: Id(1)] SessionId Session,
    [property: Id(2)] string LotNumber,
    [property: Id(3)] ImmutableArray<RemsMedication> Taking,
    [property: Id(4)] int? ReadyMinutes,
    [property: Id(5)] string MonitoredBy,
    [property: Id(6)] DateTimeOffset OccurredAt) : IRecordedFact
{
    FactName IRecordedFact.Fact => new(FactKind.RemsDetails, "", Number);

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(RemsDetails);
}

/// <summary>A session's monitoring form went to the programme.</summary>
/// <param name="Number">1..n of this patient; as a fact <c>rems-submissions/{number}</c>.</param>
/// <param name="Reference">The programme's own; may be empty.</param>
/// <param name="OccurredAt">When it was sent.</param>
/// <param name="By">Who filled it in, from the connection.</param>
[GenerateSerializer, Immutable, Alias("rems-submission")]
public sealed record RemsSubmission(
    [property: Id(0)] int Number,
    [property: Id(1)] SessionId Session,
    [property: Id(2)] string Reference,
    [property: Id(3)] DateTimeOffset OccurredAt,
    [property: Id(4)] string By) : IRecordedFact
{
    FactName IRecordedFact.Fact => new(FactKind.RemsSubmission, "", Number);

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(RemsSubmission);
}

/// <summary>A serious event after a dose, of whatever drug.</summary>
/// <param name="Number">1..n of this patient; as a fact <c>serious-events/{number}</c>.</param>
/// <param name="Criteria">At least one, each once.</param>
/// <param name="OccurredAt">When it began.</param>
[GenerateSerializer, Immutable, Alias("serious-event")]
public sealed record SeriousEvent(
    [property: Id(0)] int Number,
    [property: Id(1)] SessionId Session,
    [property: Id(2)] ImmutableArray<SeriousCriterion> Criteria,
    [property: Id(3)] string Description,
    [property: Id(4)] DateTimeOffset OccurredAt) : IRecordedFact
{
    FactName IRecordedFact.Fact => new(FactKind.SeriousEvent, "", Number);

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(SeriousEvent);
}

[GenerateSerializer, Immutable, Alias("rems-enrolled")]
public sealed record RemsEnrolled([property: Id(0)] RemsEnrolment Enrolment) : IEvent;

[GenerateSerializer, Immutable, Alias("rems-details-recorded")]
public sealed record RemsDetailsRecorded([property: Id(0)] RemsDetails Details) : IEvent;

[GenerateSerializer, Immutable, Alias("rems-submitted")]
public sealed record RemsSubmitted([property: Id(0)] RemsSubmission Submission) : IEvent;

[GenerateSerializer, Immutable, Alias("serious-event-recorded")]
public sealed record SeriousEventRecorded([property: Id(0)] SeriousEvent Event) : IEvent;
