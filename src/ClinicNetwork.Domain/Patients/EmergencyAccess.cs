using System.Collections.Frozen;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>A site without access opened the patient in an emergency ("break-glass"): for a time, marked wherever it was used, reviewed by the home clinic.</summary>
/// <param name="Number">1..n of this patient.</param>
/// <param name="Actor">Who opened it: somebody else reviews it.</param>
/// <param name="At">By the store's clock.</param>
/// <param name="Until">By the store's clock; from then on the site may do nothing, whether or not <see cref="Ended"/> was recorded already.</param>
[GenerateSerializer, Immutable, Alias("emergency-access")]
public sealed record EmergencyAccess(
    [property: Id(0)] int Number,
    [property: Id(1)] ClinicId Site,
    [property: Id(2)] string Actor,
    [property: Id(3)] string Reason,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] DateTimeOffset Until)
{
    /// <summary>
    /// How long a site may act, hours: a session with its two hours of observation (Spravato label), what comes before it and what goes wrong in it, and no more
    /// than half a shift ([K], our bound). Who needs longer says why again.
    /// </summary>
    public const int HoursMax = 4;

    /// <summary>After so many days the home clinic's review is overdue ([K], our bound).</summary>
    public const int ReviewDaysMax = 7;

    /// <summary>Stands after a command's name in the journal, and so in history, feed and audit, when only such access permitted it.</summary>
    public const string Mark = " (emergency)";

    /// <summary>
    /// What such access permits beside reading: what is done at the patient's side, whose record would otherwise be lost. Not what decides beyond the
    /// emergency: plan, consultation (it replaces contraindications), sharing, consent, the end of treatment.
    /// </summary>
    public static readonly FrozenSet<string> Commands =
        new[]
        {
            nameof(StartSession), nameof(ReportSession), nameof(RecordDose), nameof(RecordVitals), nameof(RecordSideEffect), nameof(ResolveSideEffect), nameof(CompleteSession), nameof(RecordLeaving),
            nameof(RecordAssessment), nameof(RecordScale), nameof(RecordSeriousEvent),
        }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Its rows (roster, due) were taken away. Nothing is decided by it.</summary>
    [Id(6)] public bool Ended { get; init; }

    /// <summary>When the home clinic reviewed it; null: not yet.</summary>
    [Id(7)] public DateTimeOffset? ReviewedAt { get; init; }

    /// <summary>What the review found; empty before it.</summary>
    [Id(8)] public string Finding { get; init; } = "";

    public bool IsOpen(DateTimeOffset now) => now < Until;
}
