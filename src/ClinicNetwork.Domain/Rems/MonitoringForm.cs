using System.Collections.Immutable;
using System.Globalization;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Rems;

/// <summary>An entry of a form.</summary>
/// <param name="Value">As the form wants it: <c>yes</c>, <c>no</c>, a number, <c>128/84</c>; empty when nothing is known of it.</param>
/// <param name="Sources">Facts that it comes from, as facts are named; empty when nothing is known, or when it follows from nothing having been recorded.</param>
/// <param name="Missing">What to record; empty when nothing is missing.</param>
public sealed record RemsEntry(RemsField Field, string Value, ImmutableArray<string> Sources, string Missing)
{
    /// <summary>When it was measured or began; null when the form wants no time.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>When it was over; null too when it is not.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    public bool IsMissing => Missing.Length > 0;
}

/// <summary>A session's monitoring form as far as it is recorded: nothing that the session tells is asked twice. Follows from the state alone.</summary>
/// <param name="DueBy">The first instant at which it is late.</param>
/// <param name="Submission">Null: it is open.</param>
public sealed record MonitoringForm(RemsForm Version, ImmutableArray<RemsEntry> Entries, DateTimeOffset DueBy, RemsSubmission? Submission)
{
    /// <summary>A pressure of so many minutes after the dose counts as that at 40 minutes ([K], as the protocol's readings); the nearest to 40 is told.</summary>
    private const int At40FromMinute = 30;

    /// <inheritdoc cref="At40FromMinute"/>
    private const int At40ToMinute = 60;

    /// <summary>Below it, %, vitals are not acceptable ([K], as the protocol's gate).</summary>
    private const int SpO2PercentMin = 94;

    /// <summary>Signs of respiratory depression, [K], as the protocol's emergencies: oxygen saturation below it, %.</summary>
    private const int DepressedSpO2Percent = 90;

    /// <inheritdoc cref="DepressedSpO2Percent"/>
    private const int DepressedRespiratoryRate = 8;

    /// <summary>Null when the programme asks for none: no dose, or racemic ketamine.</summary>
    public static MonitoringForm? Of(PatientState state, Session session)
    {
        if (!RemsRules.Asks(state, session))
        {
            return null;
        }

        var form = RemsForms.On(state.DayOf(session.DosedAt!.Value));
        var record = new SessionRecord(state, session, session.DosedAt.Value);
        return new(form, [.. form.Fields.Select(record.EntryOf)], RemsRules.DueBy(state, session), RemsRules.SubmissionOf(state, session.Id));
    }

    /// <summary>What was recorded of a session, looked at as a form does.</summary>
    private sealed class SessionRecord(PatientState state, Session session, DateTimeOffset dosedAt)
    {
        private readonly string _name = "sessions/" + session.Id.Value;

        private readonly RemsDetails? _details = state.RemsDetails.LastOrDefault(d => d.Session == session.Id);

        private readonly SessionMonitoring _monitoring = state.MonitoringOf(session.Id);

        /// <summary>Since the dose, in order of time; the discharge's among them.</summary>
        private readonly (string Name, Vitals Vitals)[] _readings = [.. ReadingsOf(state, session).Where(r => r.Vitals.OccurredAt >= dosedAt).OrderBy(r => r.Vitals.OccurredAt)];

        public RemsEntry EntryOf(RemsField field) => field switch
        {
            RemsField.PatientName => Told(field, $"{state.GivenName} {state.FamilyName}", "enrolment"),
            RemsField.BirthDate => Told(field, state.BirthDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), "enrolment"),
            RemsField.Sex => Told(field, state.Sex.ToString().ToLowerInvariant(), "enrolment"),
            RemsField.FirstTreatment => Told(field, YesNo(!state.SessionsOfAllCourses().Any(s => s.DosedAt < dosedAt)), _name + "/dose"),
            RemsField.Enrolled => RemsRules.SiteAt(state, session.StartedAt) is { } site && site.Clinic == session.Clinic
                ? Told(field, "yes", $"rems-enrolments/{site.Number}")
                : Lacks(field, "Record the enrolment form, or the notice of the move to this site."),
            RemsField.Benzodiazepines => Taking(field, RemsMedication.Benzodiazepines),
            RemsField.SedativeHypnotics => Taking(field, RemsMedication.SedativeHypnotics),
            RemsField.Opioids => Taking(field, RemsMedication.Opioids),
            RemsField.Psychostimulants => Taking(field, RemsMedication.Psychostimulants),
            RemsField.Maois => Taking(field, RemsMedication.Maois),
            RemsField.Provider => Detail(field, _details?.MonitoredBy),
            RemsField.Setting => Told(field, session.Clinic.Name, _name),
            RemsField.TreatmentDate => Told(field, state.DayOf(dosedAt).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), _name + "/dose"),
            RemsField.DoseMg => Told(field, session.DoseMg!.Value.ToString("0.###", CultureInfo.InvariantCulture), _name + "/dose"),
            RemsField.LotNumber => Detail(field, _details?.LotNumber),
            RemsField.TotalMinutes => session.CompletedAt is { } end && end >= dosedAt ? Told(field, Number((int)(end - dosedAt).TotalMinutes), _name + "/dose", _name) : NotOver(field),
            RemsField.ReadyMinutes => Detail(field, _details?.ReadyMinutes is { } minutes ? Number(minutes) : null),
            RemsField.VitalsAcceptableBefore => Told(
                field, YesNo(IsAcceptable(session.Before) && !(_monitoring.Checks?.SpO2Percent < SpO2PercentMin)), _name),
            RemsField.VitalsAcceptableAtEnd => AcceptableAtEnd(field),
            RemsField.PressureBefore => Told(field, Words(session.Before), _name) with { At = session.StartedAt },
            RemsField.PressureAt40Minutes => PressureAt40(field),
            RemsField.PressureAtEnd => PressureAtEnd(field),
            RemsField.PulseOximetry => PulseOximetry(field),
            RemsField.Sedation => Effect(field, SideEffectKind.Sedation, (VitalSigns.Sedation, v => v.Moaas < 5)),
            RemsField.Dissociation => Effect(
                field, SideEffectKind.Dissociation, (VitalSigns.Dissociation, v => v.Cadss6 > 0 || v.Dissociation is not (null or DissociationRating.None))),
            RemsField.RespiratoryDepression => Effect(
                field,
                SideEffectKind.RespiratoryDepression,
                (VitalSigns.OxygenSaturation, v => v.SpO2Percent < DepressedSpO2Percent),
                (VitalSigns.RespiratoryRate, v => v.RespiratoryRate < DepressedRespiratoryRate)),
            RemsField.SeriousEvents => SeriousEvents(field),
            _ => throw new ArgumentOutOfRangeException(nameof(field)),
        };

        private static IEnumerable<(string Name, Vitals Vitals)> ReadingsOf(PatientState state, Session session)
        {
            var (name, monitoring) = ("sessions/" + session.Id.Value, state.MonitoringOf(session.Id));
            foreach (var (i, vitals) in monitoring.Vitals.Index())
            {
                yield return ($"{name}/vitals/{i + 1}", vitals);
            }

            if (session.CompletedAt is { } at && (session.After is not null || monitoring.Discharge is not null))
            {
                var checklist = monitoring.Discharge;
                yield return (name, new(at, session.After, SpO2Percent: checklist?.SpO2Percent, Moaas: checklist?.Moaas, Cadss6: checklist?.Cadss6, Dissociation: checklist?.Dissociation));
            }
        }

        private RemsEntry Taking(RemsField field, RemsMedication medication) =>
            Detail(field, _details is null ? null : YesNo(_details.Taking.Contains(medication)));

        private RemsEntry Detail(RemsField field, string? value) =>
            value is { Length: > 0 } ? Told(field, value, $"rems-details/{_details!.Number}") : Lacks(field, "Record the details of the session's form.");

        /// <summary>Who was discharged by a protocol that asks for it was near the pressure before; else by the pressure alone.</summary>
        private RemsEntry AcceptableAtEnd(RemsField field) =>
            session.CompletedAt is null ? NotOver(field)
            : _monitoring.Discharge is not null ? Told(field, "yes", _name)
            : session.After is { } after ? Told(field, YesNo(IsAcceptable(after)), _name)
            : Told(field, "no", _name);

        private RemsEntry PressureAt40(RemsField field)
        {
            var (from, to) = (dosedAt.AddMinutes(At40FromMinute), dosedAt.AddMinutes(At40ToMinute));
            return _readings.Where(r => r.Vitals.BloodPressure is not null && r.Vitals.OccurredAt >= from && r.Vitals.OccurredAt <= to)
                .OrderBy(r => (r.Vitals.OccurredAt - dosedAt.AddMinutes(40)).Duration()).Select(r => Pressure(field, r)).FirstOrDefault()
                ?? Lacks(field, $"Record the pressure read {At40FromMinute} to {At40ToMinute} minutes after the dose.");
        }

        /// <summary>When leaving; of who left without being measured the last before it, after that at 40 minutes.</summary>
        private RemsEntry PressureAtEnd(RemsField field) =>
            session.CompletedAt is not { } end ? NotOver(field)
            : _readings.Where(r => r.Vitals.BloodPressure is not null && r.Vitals.OccurredAt > dosedAt.AddMinutes(At40ToMinute) && r.Vitals.OccurredAt <= end)
                .Select(r => Pressure(field, r)).LastOrDefault()
                ?? Lacks(field, "Record the last pressure before the patient left.");

        private RemsEntry PulseOximetry(RemsField field)
        {
            var read = _readings.Where(r => r.Vitals.SpO2Percent is not null).ToArray();
            if (read.Length == 0 || _monitoring.Checks?.SpO2Percent is not { } before)
            {
                return Lacks(field, "Record the oxygen saturation before the dose and after it.");
            }

            var lowest = read.MinBy(r => r.Vitals.SpO2Percent);
            return Told(field, $"{Number(before)} % before, {Number(lowest.Vitals.SpO2Percent!.Value)} % lowest after, {Number(read[^1].Vitals.SpO2Percent!.Value)} % last", _name, lowest.Name, read[^1].Name)
                with { At = lowest.Vitals.OccurredAt };
        }

        /// <summary>By the side effects that were recorded, and by the readings: from the first that shows it until each sign that showed it was read without it.</summary>
        private RemsEntry Effect(RemsField field, SideEffectKind kind, params ReadOnlySpan<(VitalSigns Sign, Func<Vitals, bool> Shows)> signs)
        {
            var (sources, ends, onset, read) = (new List<string>(), new List<DateTimeOffset?>(), DateTimeOffset.MaxValue, new List<string>());
            foreach (var (i, effect) in state.SideEffects.Index().Where(e => e.Item.Session == session.Id && e.Item.Kind == kind))
            {
                sources.Add($"side-effects/{i + 1}");
                ends.Add(effect.OverAt);
                onset = effect.OccurredAt < onset ? effect.OccurredAt : onset;
            }

            foreach (var (sign, shows) in signs)
            {
                var readings = _readings.Where(r => r.Vitals.Signs.HasFlag(sign)).ToArray();
                read.AddRange(readings.Select(r => r.Name));
                if (readings.Where(r => shows(r.Vitals)).ToArray() is { Length: > 0 } showing)
                {
                    sources.AddRange(showing.Select(r => r.Name));
                    ends.Add(readings.Where(r => r.Vitals.OccurredAt > showing[^1].Vitals.OccurredAt).Select(r => (DateTimeOffset?)r.Vitals.OccurredAt).FirstOrDefault());
                    onset = showing[0].Vitals.OccurredAt < onset ? showing[0].Vitals.OccurredAt : onset;
                }
            }

            return ends.Count > 0
                    ? new(field, "yes", [.. sources.Distinct()], ends.Contains(null) ? "Record when it was over: the side effect's end, or a later reading." : "")
                    {
                        At = onset,
                        ResolvedAt = ends.Contains(null) ? null : ends.Max(),
                    }
                : read.Count > 0 ? Told(field, "no", [.. read.Distinct()])
                : Lacks(field, "Record readings after the dose, or the side effect.");
        }

        private RemsEntry SeriousEvents(RemsField field)
        {
            var events = state.SeriousEvents.Where(e => e.Session == session.Id).ToArray();
            return events.Length > 0
                ? Told(field, "yes: " + string.Join(", ", events.SelectMany(e => e.Criteria).Distinct().Order().Select(Words)), [.. events.Select(e => $"serious-events/{e.Number}")])
                    with { At = events.Min(e => e.OccurredAt) }
                : session.CompletedAt is null ? NotOver(field)
                : Told(field, "no");
        }

        private static RemsEntry Pressure(RemsField field, (string Name, Vitals Vitals) reading) =>
            Told(field, Words(reading.Vitals.BloodPressure!.Value), reading.Name) with { At = reading.Vitals.OccurredAt };

        private static bool IsAcceptable(BloodPressure pressure) =>
            pressure is { SystolicMmHg: <= StartSession.HoldSystolicMmHg, DiastolicMmHg: <= StartSession.HoldDiastolicMmHg };

        private static RemsEntry NotOver(RemsField field) => Lacks(field, "End the session first.");

        private static RemsEntry Told(RemsField field, string value, params ImmutableArray<string> sources) => new(field, value, sources, "");

        private static RemsEntry Lacks(RemsField field, string what) => new(field, "", [], what);

        private static string YesNo(bool value) => value ? "yes" : "no";

        private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

        private static string Words(BloodPressure pressure) => string.Create(CultureInfo.InvariantCulture, $"{pressure.SystolicMmHg}/{pressure.DiastolicMmHg}");

        private static string Words(SeriousCriterion criterion) => criterion switch
        {
            SeriousCriterion.Hospitalisation => "hospitalisation",
            SeriousCriterion.Disability => "disability",
            SeriousCriterion.Death => "death",
            SeriousCriterion.LifeThreatening => "life-threatening",
            SeriousCriterion.ImportantMedicalEvent => "important medical event",
            _ => throw new ArgumentOutOfRangeException(nameof(criterion)),
        };
    }
}
