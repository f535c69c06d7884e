using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Gateway.Care;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Site;

/// <summary>A patient as this site knows it: what the network told, and on top of it what was recorded here and is not in that yet.</summary>
/// <param name="State">Null when sections alone are shared, or the copy is of a format that this site does not know: see <paramref name="Plan"/>.</param>
/// <param name="Plan">As the network told it, without what was recorded here; null when there is none.</param>
/// <param name="PlanEtag">Of the network's plan; empty without one.</param>
/// <param name="Version">The patient's version in the network that this is based on.</param>
/// <param name="ReadAt">When the network told it, by its clock.</param>
/// <param name="Unconfirmed">What was recorded here and the network's part does not hold yet, in order.</param>
/// <param name="Aside">Of these, what is not in <paramref name="State"/>, each with the reason.</param>
public sealed record SiteView(
    string Patient,
    PatientState? State,
    Wire.Plan? Plan,
    string PlanEtag,
    long Version,
    DateTimeOffset ReadAt,
    IReadOnlyList<OutboxItem> Unconfirmed,
    IReadOnlyList<(OutboxItem Item, string Reason)> Aside)
{
    /// <summary>What contradicts each other in the plan and nobody has resolved, as the network tells it. Of a patient of whom sections alone are shared: what of this site's became a conflict.</summary>
    public IReadOnlyList<Wire.PlanConflict> OpenConflicts { get; private init; } = [];

    /// <summary>The state as the network told it.</summary>
    internal PatientState? Confirmed { get; init; }

    private const string Unknown = "OUTCOME_UNKNOWN";

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(SiteView);

    /// <summary>It was sent and not answered, and the copy has moved since, perhaps by this very item.</summary>
    private static bool IsPerhapsIn(PatientCopy copy, OutboxItem item) => item.ReceiptVersion == 0 && item.SentOn is { } on && on != copy.Version;

    internal static SiteView Of(PatientCopy copy, IReadOnlyList<OutboxItem> items, Judgement judgement)
    {
        var (confirmed, unconfirmed, aside) = (copy.State(), new List<OutboxItem>(), new List<(OutboxItem, string)>());
        var state = confirmed;
        foreach (var item in items)
        {
            if (item.Standing is ItemStanding.Refused or ItemStanding.Closed || (item.ReceiptVersion > 0 && item.ReceiptVersion <= copy.Version))
            {
                continue;
            }

            unconfirmed.Add(item);
            if (state is null)
            {
                aside.Add((item, "SECTION_NOT_SHARED"));
            }
            else if (item.Standing == ItemStanding.Conflict)
            {
                aside.Add((item, "PLAN_CONFLICT"));
            }
            else if (IsPerhapsIn(copy, item) && !Changes.IsOnce(item.Change))
            {
                aside.Add((item, Unknown));
            }
            else
            {
                var judged = judgement.Of(state, item.Change, item.BaseVersion, item.LocalVersion, item.At);
                if (judged.Refusal is { } refusal)
                {
                    aside.Add((item, IsPerhapsIn(copy, item) ? Unknown : refusal.Reason));
                    continue;
                }

                state = judged.Events.Aggregate(state, PatientState.Evolve);
            }
        }

        return new(copy.Patient, state, copy.PlanMessage(), copy.PlanEtag, copy.Version, copy.ReadAt, unconfirmed, aside)
        {
            Confirmed = confirmed,
            OpenConflicts = state is null
                ? [.. items.Where(i => i.Standing == ItemStanding.Conflict).Select(i => i.Result!.Conflict.Conflict)]
                : [.. state.PlanConflicts.Where(c => c.IsOpen).Select(c => PlanConflictMessages.Of(copy.Patient, c))],
        };
    }
}

/// <summary>What became of a change that was to be recorded here.</summary>
/// <param name="Item">As it waits; null when refused.</param>
/// <param name="Answer">What the domain answers, such as <see cref="SessionAnswer"/>; null when refused, and where only sections are shared: then the network judges.</param>
/// <param name="Refusal">Null when recorded.</param>
public sealed record Recorded(OutboxItem? Item, object? Answer, Refusal? Refusal);

/// <summary>How a site stands.</summary>
/// <param name="Clinic">`clinics/{clinic}`.</param>
/// <param name="Patients">Of which there is a copy.</param>
/// <param name="LastContact">By the network's clock; null: never.</param>
/// <param name="ClockBehind">How far this machine's clock was behind the network's then; negative: ahead.</param>
/// <param name="Waiting">Changes not sent, or not answered.</param>
/// <param name="ClinicZone">IANA time zone; empty before the first contact.</param>
public sealed record SiteStatus(
    string Clinic, long Patients, DateTimeOffset? LastContact, TimeSpan ClockBehind, long Waiting, long Conflicts, long Refused, string ClinicZone);
