using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Patients;

/// <summary>The patient names, at its home clinic, the sites that may see the plan or sections of it; replaces the list before. Refused: SITES_INVALID, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.</summary>
[GenerateSerializer, Immutable, Alias("set-sharing")]
public sealed record SetSharing([property: Id(0)] ImmutableArray<SiteGrant> Sites, [property: Id(1)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(SetSharing);

    internal const int SitesMax = 20;

    public static Decision<Accepted> Decide(PatientState state, SetSharing command, DateTimeOffset now)
    {
        if (command.Sites.Length > SitesMax
            || command.Sites.Any(s => s.Site == state.HomeClinic)
            || command.Sites.DistinctBy(s => s.Site).Count() != command.Sites.Length
            || command.Sites.Any(s => s.Access == SiteAccess.BySection ? s.Readable == PlanSections.None || (s.Read & s.Full) != PlanSections.None : (s.Read | s.Full) != PlanSections.None))
        {
            return Refusal.Invalid("SITES_INVALID", "sites", $"Name at most {SitesMax} sites, each once, never the home clinic; give each an access to the whole plan, or to sections, each once.");
        }

        return ClinicTime.CheckOccurred(command.OccurredAt, now) is { } refusal
            ? refusal
            : Decision<Accepted>.Accept(Accepted.Instance, new SharingSet(command.Sites, command.OccurredAt));
    }
}
