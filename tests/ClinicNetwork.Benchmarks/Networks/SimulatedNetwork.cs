using ClinicNetwork.Anonymisation;
using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Server;
using ClinicNetwork.Simulation;

namespace ClinicNetwork.Benchmarks.Networks;

/// <summary>What patients may permit.</summary>
/// <param name="Choices">Permissions as bits, one drawn for each patient by its place.</param>
internal sealed record ConsentForm(string Name, params int[] Choices)
{
    /// <summary>Yes or no, to one registry.</summary>
    public static readonly ConsentForm One = new("one choice", Course.Registry);

    /// <summary>Registries alone, public health too, partner clinics for quality too: of ten 6, 3, 1. Assumption.</summary>
    public static readonly ConsentForm Three = new(
        "three choices", [.. Enumerable.Repeat(Course.Registry, 6), .. Enumerable.Repeat(Course.Registry | Course.PublicHealth, 3), Course.Registry | 2 | 32]);
}

/// <param name="PatientsAYear">New ones, evenly.</param>
internal sealed record NetworkCase(int PatientsAYear, int Years, ConsentForm Form, int Seed);

/// <summary>What one registry, connected from the first day on, was given until the end.</summary>
/// <param name="Consenting">Whose first milestone has closed, and who consented then.</param>
/// <param name="FirstReleased">Share of them whose first milestone the registry has, 0 to 1.</param>
/// <param name="AllReleased">Share of their closed milestones that it has, 0 to 1.</param>
/// <param name="Delays">Days from the close of a row's own window to its release, ascending.</param>
/// <param name="CellDelays">Days from the close of the last member's window, by cell and milestone, ascending.</param>
/// <param name="Suppressed">Persons in cells of everything.</param>
/// <param name="Waiting">Persons in no cell at the end.</param>
/// <param name="Withheld">Share of settled cells and milestones, 0 to 1.</param>
/// <param name="Coarse">Share of measured rows in coarse bands.</param>
/// <param name="Ncp">Mean over rows; NaN without.</param>
/// <param name="Blocked">Publication days that verifier or red team kept back.</param>
internal sealed record NetworkFigures(
    int Consenting, double FirstReleased, double AllReleased, float[] Delays, float[] CellDelays, int Rows, int Cells, int CellMedian, int Suppressed, int Waiting, double Withheld, double Coarse, double Ncp, int Blocked);

/// <summary>A network's publication days over some years: patients of the simulator, the real engine, verifier and red team, tables in memory.</summary>
internal static class SimulatedNetwork
{
    /// <summary>Of the cohort: one clinic for so many patients a year.</summary>
    private const int PatientsOfClinic = 50;

    public static NetworkFigures Run(NetworkCase about, CancellationToken cancellationToken)
    {
        var store = new VirtualStore(Secrets.New($"network {about.Seed}")) { Check = new PublicationCheck(TimeProvider.System) };
        var registry = store.Agree("ag-registry", Course.Registry, ReleaseProfiles.PublicOutcomes);
        var blocked = 0;
        var patients = Draw(about);
        for (var day = 0; day <= about.Years * 12; day++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var patient in patients)
            {
                Follow(store, patient, day);
            }

            try
            {
                store.Publish(Course.Day(day));
            }
            catch (PublicationBlockedException)
            {
                blocked++;
            }
        }

        return Figures(store, registry, patients, blocked);
    }

    public static IReadOnlyList<SimulatedPatient> Draw(NetworkCase about)
    {
        var spec = new CohortSpec(
            about.PatientsAYear * about.Years, (ulong)about.Seed, DateOnly.FromDateTime(Course.Day(0).UtcDateTime), about.Years * 365, FollowUpWeeks: 12,
            Math.Max(1, about.PatientsAYear / PatientsOfClinic), BaselineTable.Embedded, CourseModel.McInnes2022Fit);
        var random = new Random(about.Seed);
        return [.. Cohort.Draw(spec).Select(p => new SimulatedPatient(p, about.Form.Choices[random.Next(about.Form.Choices.Length)]))];
    }

    /// <summary>What closed and who changed their mind since the publication day before.</summary>
    public static void Follow(VirtualStore store, SimulatedPatient patient, int day)
    {
        var (person, today) = (patient.Person, DateOnly.FromDateTime(Course.Day(day).UtcDateTime));
        var withdrawn = patient.WithdrawsOn <= today;
        if (patient.Recipients == 0 || patient.Outcomes[0].ClosesOn > today)
        {
            return;
        }

        if (!store.Persons.ContainsKey(person.Id))
        {
            if (withdrawn)
            {
                return;
            }

            person.Recipients = patient.Recipients;
            store.Persons.Add(person.Id, person);
        }
        else if (withdrawn && person.Recipients != 0)
        {
            store.Consent(person, 0);
        }

        for (; person.Recipients != 0 && person.Closed < patient.Outcomes.Count && patient.Outcomes[person.Closed].ClosesOn <= today; person.Closed++)
        {
            var (milestone, _, values) = patient.Outcomes[person.Closed];
            person.Outcomes[milestone] = values;
        }
    }

    private static NetworkFigures Figures(VirtualStore store, Journal.AgreementRecord registry, IReadOnlyList<SimulatedPatient> patients, int blocked)
    {
        var closes = patients.SelectMany(p => p.Outcomes.Select(o => (p.Person.Id, o.Milestone, o.ClosesOn))).ToDictionary(o => (o.Id, o.Milestone), o => SimulatedPatient.At(o.ClosesOn));
        // Publication number to day: the commits stand in order of days.
        var days = store.Written.Select(w => w.Event).OfType<PublicationHeld>().Where(h => h.Batch is not null).ToDictionary(h => h.Batch!.Value, h => h.Day);
        var rows = store.Of(registry.Agreement).SelectMany(b => store.RowsOf(registry, b.Number)).Where(r => r.Values is not null).ToArray();
        var living = store.Persons.Values.Where(p => p.Recipients != 0).ToArray();
        var formed = store.Cells.Values.ToArray();
        var settled = formed.SelectMany(c => c.Settled).Where(s => s.Status != "RETIRED").ToArray();
        var outcomes = rows.Select(r => CanonicalRow.Outcome(r.Values!)).Where(o => o.Measured).ToArray();
        return new(
            store.Persons.Count,
            Share(rows.Count(r => r.Milestone == ReleaseMapper.Name(Milestone.EndOfInduction)), store.Persons.Count),
            Share(rows.Length, store.Persons.Values.Sum(p => p.Closed)),
            [.. rows.Select(r => (float)(days[r.Publication] - closes[(r.Person, r.Milestone)]).TotalDays).Order()],
            [.. rows.GroupBy(r => (r.Cell, r.Milestone, r.Publication)).Select(g => (float)(days[g.Key.Publication] - g.Max(r => closes[(r.Person, r.Milestone)])).TotalDays).Order()],
            rows.Length,
            formed.Length,
            formed.Length == 0 ? 0 : formed.Select(c => c.Formed.Members.Count).Order().ElementAt(formed.Length / 2),
            formed.Where(c => c.Formed.Region.All(v => v == Hierarchy.Root)).Sum(c => c.Formed.Members.Count),
            living.Count(p => p.Cell is null),
            Share(settled.Count(s => s.Status == "WITHHELD"), settled.Length),
            Share(outcomes.Count(o => o.IsCoarse), outcomes.Length),
            rows.Length == 0 ? double.NaN : rows.Average(r => PublicOutcomes.Policy.Grid.Loss(CanonicalRow.Region(r.Values!))),
            blocked);
    }

    private static double Share(int part, int all) => all == 0 ? double.NaN : part / (double)all;
}
