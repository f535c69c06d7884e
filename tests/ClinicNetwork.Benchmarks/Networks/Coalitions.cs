using System.Globalization;
using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Verification;
using ClinicNetwork.Verification.RedTeam;
using ClinicNetwork.Verification.RedTeam.Feeds;

namespace ClinicNetwork.Benchmarks.Networks;

/// <param name="Persons">Attacked, each once for every coalition and day.</param>
/// <param name="UnderK">Of them with fewer than k candidates.</param>
/// <param name="Least">Fewest candidates of anybody.</param>
/// <param name="Transfers">Accepted while the person waited for a cell or was in one.</param>
/// <param name="TransfersAfterRelease">Of them, after a row of the person was released.</param>
/// <param name="Merges">Records that went into another one of the same person.</param>
/// <param name="MergesAfterRelease">Of them, with a released row.</param>
/// <param name="Findings">Of the verifier in each folder and between folders, and of attacks that exceeded their bound.</param>
internal sealed record CoalitionFigures(
    int Days, int Coalitions, long Persons, long UnderK, int Least, int Tombstones, int Corrections, int Transfers, int TransfersAfterRelease, int Merges, int MergesAfterRelease, IReadOnlyList<string> Findings);

/// <summary>
/// Guarantee 6: after each publication day, what any three recipients have, as files, goes to the independent verifier and to the red team. In between patients withdraw, narrow their consent, begin
/// second courses, have values corrected, change clinics by the acts of both, and turn out to have two records, which are merged before a release or after it.
/// </summary>
internal static class Coalitions
{
    private const int Together = 3;

    /// <summary>Per cent of patients who have a second record, and of rows that are corrected before each day.</summary>
    private const int TwicePercent = 3, CorrectedPercent = 1;

    /// <summary>Per cent of patients who go on at another clinic, within so many days of the first publication day.</summary>
    private const int MovesPercent = 10, MovesDays = 400;

    /// <param name="folder">Empty.</param>
    /// <param name="spoil">Changes the store before the folders are written, for a test of this very check.</param>
    public static CoalitionFigures Run(NetworkCase about, int days, string folder, CancellationToken cancellationToken, Action<VirtualStore, string>? spoil = null)
    {
        var (store, patients) = (Course.NewStore(), SimulatedNetwork.Draw(about));
        var random = new Random(about.Seed);
        foreach (var patient in patients.Where(_ => random.Next(100) < MovesPercent))
        {
            patient.MovesOn = DateOnly.FromDateTime(Course.Day(0).UtcDateTime).AddDays(random.Next(MovesDays));
        }

        var transferred = patients.Where(p => p.MovesOn is not null).ToDictionary(p => p, p => new TransferredPatient(p, store));
        var twice = patients.Where(p => random.Next(100) < TwicePercent).Select(p => p.Person.Id).ToHashSet(StringComparer.Ordinal);
        var (coalitions, persons, underK, least, findings) = (0, 0L, 0L, int.MaxValue, new List<string>());
        for (var day = 0; day < days; day++)
        {
            foreach (var patient in patients)
            {
                if (transferred.TryGetValue(patient, out var moving))
                {
                    moving.GoOn(Course.Day(day));
                }
                else
                {
                    SimulatedNetwork.Follow(store, patient, day);
                }
            }

            Disturb(store, twice, random);
            store.Publish(Course.Day(day));
            var folders = Write(store, folder, day);
            foreach (var (agreement, path) in folders)
            {
                spoil?.Invoke(store, path);
                findings.AddRange(ReleaseVerifier.VerifyFolder(path, cancellationToken).Findings.Select(f => $"day {day} {agreement.Agreement}: {f.Rule}"));
            }

            foreach (var some in Choose([.. folders.Select(f => f.Path)], Math.Min(Together, folders.Count)).Where(c => c.Length > 0))
            {
                coalitions++;
                findings.AddRange(some.Length < 2 ? [] : CoalitionVerifier.VerifyFolders(some).Select(f => $"day {day}: {f.Rule}"));
                var report = FeedRun.Attack(some, FeedPeople.Nobody, new(Seed: day + 1), cancellationToken);
                findings.AddRange(report.Results.Where(r => r.Verdict == AttackVerdict.Exceeded).Select(r => $"day {day}: {r.Attack}"));
                foreach (var found in report.Results.Where(r => r.Figures.ContainsKey("under_k")))
                {
                    persons += (long)found.Figures["persons"];
                    underK += (long)found.Figures["under_k"];
                    least = found.Figures["persons"] > 0 ? Math.Min(least, (int)found.Figures["least_candidates"]) : least;
                }
            }
        }

        var released = store.Released.Select(r => r.Person).ToHashSet(StringComparer.Ordinal);
        VirtualPerson[] merged = [.. store.Persons.Values.Where(p => p.MergedInto is not null)];
        return new(
            days, coalitions, persons, underK, least == int.MaxValue ? 0 : least, store.Batches.Values.SelectMany(b => b).Sum(b => b.Tombstones.Count),
            store.Released.GroupBy(r => (r.Person, r.Milestone)).Count(g => g.Count() > 1),
            transferred.Values.Sum(p => p.Transfers), transferred.Values.Sum(p => p.TransfersAfterRelease), merged.Length, merged.Count(p => released.Contains(p.Id)), findings);
    }

    private static void Disturb(VirtualStore store, HashSet<string> twice, Random random)
    {
        foreach (var person in store.Persons.Values.ToArray())
        {
            if (twice.Contains(person.Id))
            {
                FollowSecond(store, person, random);
            }
            else if (person.Recipients != 0 && random.Next(100) == 0)
            {
                store.Consent(person, person.Recipients & ~4);
            }
        }

        foreach (var row in store.Released.Where(r => r.Superseded is null).OrderBy(r => r.Person, StringComparer.Ordinal).ThenBy(r => r.Milestone, StringComparer.Ordinal).ToArray())
        {
            if (random.Next(100) < CorrectedPercent && store.Persons[row.Person].Recipients != 0)
            {
                store.Persons[row.Person].Outcomes[row.Milestone] = Course.Outcome(random.Next(2) == 0 ? "response" : "no_change");
            }
        }
    }

    /// <summary>
    /// A second record of the same person, with the same leaves and consent: what closes is in one of the two, and missing in the other. One day somebody sees that they are one, and they are merged.
    /// </summary>
    private static void FollowSecond(VirtualStore store, VirtualPerson person, Random random)
    {
        if (!store.Persons.TryGetValue(person.Id + "-2", out var second))
        {
            store.Persons.Add(person.Id + "-2", second = new(person.Id + "-2", person.Quarter, person.Leaves) { EnteredAt = person.EnteredAt, Recipients = person.Recipients });
        }

        if (second.MergedInto is not null)
        {
            return;
        }

        for (; second.Closed < person.Closed; second.Closed++)
        {
            var milestone = PublicOutcomes.Policy.Milestones[second.Closed];
            if (person.Outcomes.TryGetValue(milestone, out var values))
            {
                var missing = Course.Outcome(null);
                second.Outcomes[milestone] = random.Next(2) == 0 ? values : missing;
                person.Outcomes[milestone] = ReferenceEquals(second.Outcomes[milestone], values) ? missing : values;
            }
        }

        if (random.Next(6) == 0)
        {
            store.Merge(person, second);
        }
    }

    private static List<(AgreementRecord Agreement, string Path)> Write(VirtualStore store, string folder, int day)
    {
        var written = new List<(AgreementRecord, string)>();
        foreach (var agreement in store.Agreements.Where(a => store.Of(a.Agreement).Count > 0))
        {
            var path = Directory.CreateDirectory(Path.Combine(folder, day.ToString("D2", CultureInfo.InvariantCulture), agreement.Agreement)).FullName;
            ReleaseFolder.Write(path, store, agreement);
            written.Add((agreement, path));
        }

        return written;
    }

    private static IEnumerable<string[]> Choose(string[] all, int size) =>
        size == 0 ? [[]] : all.SelectMany((first, i) => Choose(all[(i + 1)..], size - 1).Select(rest => (string[])[first, .. rest]));
}
