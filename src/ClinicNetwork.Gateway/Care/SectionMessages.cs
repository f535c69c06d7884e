using System.Collections.Frozen;
using System.Numerics;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using Google.Protobuf;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>Sections of a plan on the wire: who may see which, and what is told to a site that sees some.</summary>
internal static class SectionMessages
{
    private static readonly Refusal NotShared = Refusal.Denied(
        "SECTION_NOT_SHARED", "", "This is told from sections of the plan that this site may not see; the home clinic can share them.");

    /// <summary>
    /// Fields of what tells a patient, by the section that they are of; no section: whoever sees any. All sections: told from several of them, and to who sees all alone.
    /// Messages that are of one section throughout are not looked into.
    /// </summary>
    internal static readonly FrozenDictionary<string, PlanSections> OfField = Table(
        (Wire.GetPatientResponse.Descriptor.FullName, [
            (PlanSections.None, "patient revision voice courses death"),
            (PlanSections.Scales, "judgements revised_outcomes"),
            (PlanSections.Goals | PlanSections.Scales, "goals"),
            (PlanSections.Sessions, "safety_warnings rems_forms contacts losses missed_visits"),
            (PlanSections.Sessions | PlanSections.Scales, "follow_ups"),
            (PlanSections.Medication, "pregnancies pregnant"),
            (PlanSections.All, "retracted_facts plan_conflicts"),
        ]),
        (Wire.Patient.Descriptor.FullName, [
            (PlanSections.None, "name home_clinic given_name family_name birth_date sex record_number status plan sites emergency_accesses"),
            (PlanSections.Medication, "consultation rems_enrolments dose_requests"),
            (PlanSections.Sessions, "sessions side_effects safety_checks rems_submissions serious_events"),
            (PlanSections.Scales, "assessments outcomes answered_scales"),
            (PlanSections.Psychotherapy, "support_sessions"),
            (PlanSections.All, "research_consent research_permission alerts"),
        ]),
        (Wire.Plan.Descriptor.FullName, [
            (PlanSections.None, "name revision etag sections"),
            (PlanSections.Medication, "protocol protocol_version drug route setting dose_mg_per_kg dose_mg induction_sessions supervision phase interval_days interval_phase"),
            (PlanSections.Goals, "goals"),
            (PlanSections.Psychotherapy, "support"),
            (PlanSections.All, "revision_reason revised_by revised_at_site"),
        ]),
        (Wire.Course.Descriptor.FullName, [
            (PlanSections.None, "number plan ended_at"),
            (PlanSections.Sessions, "sessions doses first_dose_day"),
            (PlanSections.Scales, "baseline_phq9 outcomes judgements"),
        ]),
        (Wire.PatientVoice.Descriptor.FullName, [
            (PlanSections.Goals, "own_goals"),
            (PlanSections.Scales, "home_answers"),
            (PlanSections.Journal, "journal journal_count private_count diary contacts explanations"),
        ]));

    private static readonly FrozenSet<string> Mixed = OfField.Keys.Select(field => field[..field.LastIndexOf('.')]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Takes out what the site may not read, also of messages within; returns the message.</summary>
    public static T Told<T>(T message, PlanSections readable)
        where T : IMessage
    {
        if (readable != PlanSections.All)
        {
            Redact(message, readable);
        }

        return message;
    }

    /// <summary>The plan to a site that sees some of it, and what that is.</summary>
    public static Wire.Plan Told<T>(Wire.Plan plan, Reading<T> reading)
        where T : class
    {
        if (reading.Readable != PlanSections.All)
        {
            plan.Sections.AddRange(Of(reading.Readable, reading.Writable));
        }

        return Told(plan, reading.Readable);
    }

    /// <summary>The patient to a site that sees some of it: of other sites' grants nothing.</summary>
    public static Wire.GetPatientResponse Told(Wire.GetPatientResponse response, PlanSections readable, string? site)
    {
        if (readable != PlanSections.All)
        {
            Wire.SiteGrant[] own = [.. response.Patient.Sites.Where(s => s.Site == site)];
            response.Patient.Sites.Clear();
            response.Patient.Sites.AddRange(own);
            response.Patient.EmergencyAccesses.Clear();
            response.Patient.Plan?.Sections.AddRange(own.SelectMany(grant => grant.Sections));
        }

        return Told(response, readable);
    }

    /// <summary>What is derived from several sections is told whole, or not.</summary>
    /// <exception cref="RefusedException">SECTION_NOT_SHARED.</exception>
    public static void Require<T>(Reading<T> reading, PlanSections sections, string field)
        where T : class
    {
        if (reading.Refusal is null && !reading.Readable.HasFlag(sections))
        {
            throw new RefusedException(NotShared with { Field = field });
        }
    }

    public static SetSharing Of(Wire.SetSharingRequest r) => new([.. r.Sites.Select((s, i) => Of(s, $"sites[{i}]"))], Fields.Instant(r.OccurredAt, "occurred_at"));

    private static SiteGrant Of(Wire.SiteGrant grant, string field)
    {
        var site = Fields.Clinic(grant.Site, field + ".site");
        if (grant.Sections.Count == 0)
        {
            return new(site, Fields.Enum<SiteAccess>((int)grant.Access, field + ".access"));
        }

        if (grant.Access != Wire.SiteAccess.Unspecified)
        {
            throw Fields.Invalid("ACCESS_CONTRADICTS", field + ".access", "Give an access to the whole plan, or sections, not both.");
        }

        var (read, full) = (PlanSections.None, PlanSections.None);
        for (var i = 0; i < grant.Sections.Count; i++)
        {
            var one = grant.Sections[i];
            var place = $"{field}.sections[{i}]";
            if (one.Section is <= Wire.PlanSection.Unspecified or > Wire.PlanSection.Journal)
            {
                throw Fields.Invalid("VALUE_MISSING", place + ".section", "Name a section of the plan.");
            }

            var section = (PlanSections)(1 << ((int)one.Section - 1));
            if ((read | full).HasFlag(section))
            {
                throw Fields.Invalid("SECTION_TWICE", place + ".section", "Name each section once.");
            }

            (read, full) = Fields.Enum<SiteAccess>((int)one.Access, place + ".access") == SiteAccess.Write ? (read, full | section) : (read | section, full);
        }

        return new(site, SiteAccess.BySection) { Read = read, Full = full };
    }

    public static Wire.SiteGrant Of(SiteGrant grant)
    {
        var message = new Wire.SiteGrant { Site = grant.Site.Name, Access = (Wire.SiteAccess)grant.Access };
        if (grant.Access == SiteAccess.BySection)
        {
            message.Sections.AddRange(Of(grant.Readable, grant.Full));
        }

        return message;
    }

    private static IEnumerable<Wire.SectionGrant> Of(PlanSections readable, PlanSections writable) => Each(readable).Select(s => new Wire.SectionGrant
    {
        Section = (Wire.PlanSection)(BitOperations.Log2((uint)s) + 1),
        Access = writable.HasFlag(s) ? Wire.SiteAccess.Write : Wire.SiteAccess.Read,
    });

    private static IEnumerable<PlanSections> Each(PlanSections sections) => Enum.GetValues<PlanSections>().Where(s => BitOperations.IsPow2((int)s) && sections.HasFlag(s));

    private static void Redact(IMessage message, PlanSections readable)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (!readable.HasFlag(OfField[field.FullName]))
            {
                field.Accessor.Clear(message);
            }
            else if (field.FieldType == Google.Protobuf.Reflection.FieldType.Message && Mixed.Contains(field.MessageType.FullName))
            {
                foreach (var inner in field.IsRepeated ? ((System.Collections.IEnumerable)field.Accessor.GetValue(message)).Cast<IMessage>() : field.Accessor.GetValue(message) is IMessage one ? [one] : [])
                {
                    Redact(inner, readable);
                }
            }
        }
    }

    private static FrozenDictionary<string, PlanSections> Table(params IEnumerable<(string Message, (PlanSections Sections, string Fields)[] Of)> messages) => messages
        .SelectMany(m => m.Of.SelectMany(of => of.Fields.Split(' ').Select(field => KeyValuePair.Create($"{m.Message}.{field}", of.Sections))))
        .ToFrozenDictionary(StringComparer.Ordinal);
}
