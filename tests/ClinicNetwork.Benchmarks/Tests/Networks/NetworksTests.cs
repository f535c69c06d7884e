using System.CommandLine;
using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Benchmarks.Networks;
using ClinicNetwork.Benchmarks.Rig;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Simulation;

namespace ClinicNetwork.Benchmarks.Tests.Networks;

public class NetworksTests
{
    [Fact]
    public void A_network_of_twenty_a_year_gets_remainders_alone_and_one_of_two_hundred_gets_more()
    {
        var (small, large) = (Run(20, 2), Run(200, 2));

        Assert.Equal((0, 0), (small.Blocked, large.Blocked));
        Assert.True(small.Rows == 0 || small.Ncp > 0.99, "A network so small was given finer values than it can have.");
        Assert.InRange(large.FirstReleased, 0.6, 1);
        Assert.InRange(large.Ncp, 0.3, 1);
        Assert.True(large.Ncp < 0.99 && large.FirstReleased > small.FirstReleased);
    }

    /// <summary>Nothing is released before its window has closed, and in a cell nothing before the last member's has; a row waits at least as long as its cell.</summary>
    [Fact]
    public void Delays_count_from_the_close_of_a_window_and_are_never_negative()
    {
        var figures = Run(200, 1);

        Assert.NotEmpty(figures.Delays);
        Assert.True(figures.Delays[0] >= 0 && figures.CellDelays[0] >= 0, $"{figures.Delays[0]} and {figures.CellDelays[0]} days.");
        Assert.True(figures.Delays[^1] >= figures.CellDelays[0]);
    }

    [Fact]
    public void A_simulated_patient_has_every_milestone_in_a_form_that_may_be_released() => Assert.All(
        SimulatedNetwork.Draw(new(300, 1, ConsentForm.Three, 1)),
        patient =>
        {
            Assert.Equal(MilestoneSchedule.All.Select(ReleaseMapper.Name), patient.Outcomes.Select(o => o.Milestone));
            Assert.All(patient.Outcomes, o => _ = new ReleasedOutcome(o.Values));
            Assert.Null(PublicOutcomes.Policy.Grid.FirstWrong(patient.Person.Leaves));
        });

    /// <summary>A transfer alone changes nothing of what may be released: neither who the person is among others, nor any milestone.</summary>
    [Fact]
    public void Who_is_transferred_has_the_same_rows_as_who_stays()
    {
        var (transfers, answered) = (0, 0);
        foreach (var (at, patient) in SimulatedNetwork.Draw(new(400, 1, ConsentForm.Three, 3)).Where(p => p.Recipients != 0).Index())
        {
            var (stays, moves) = (Play(patient, null), Play(patient, patient.Drawn.Events.OfType<SessionGiven>().Last().Day.AddDays(at % 2 == 0 ? at % 14 : 7 * (at % 50))));
            Assert.Equal(stays.Person?.Quarter, moves.Person?.Quarter);
            Assert.Equal(stays.Person?.Leaves, moves.Person?.Leaves);
            Assert.Equal(stays.Person is null, moves.Person is null);
            if (stays.Person is { } kept)
            {
                // The simulated one is as old as on the day of enrolment.
                Assert.Equal(patient.Person.Leaves.Where((_, i) => i != 1), kept.Leaves.Where((_, i) => i != 1));
                Assert.Equal(patient.Person.Quarter, kept.Quarter);
                Assert.Equal(kept.Outcomes.OrderBy(o => o.Key), moves.Person!.Outcomes.OrderBy(o => o.Key), (a, b) => a.Key == b.Key && a.Value.SequenceEqual(b.Value));
                Assert.Equal((kept.Recipients, kept.Closed), (moves.Person.Recipients, moves.Person.Closed));
                answered += kept.Outcomes.Values.Count(o => o[0] == "MEASURED");
                transfers += moves.Transfers;
            }
        }

        Assert.True(transfers > 100 && answered > 500, $"{transfers} transfers, {answered} answers");
    }

    [Fact]
    public void Who_is_treated_elsewhere_is_told_by_the_milestones_after_it_alone()
    {
        var (before, after) = (0, 0);
        foreach (var patient in SimulatedNetwork.Draw(new(60, 1, ConsentForm.One, 3)).Where(p => p.Recipients != 0 && p.WithdrawsOn is null))
        {
            var day = patient.Drawn.Events[0].Day.AddDays(160);
            if (Play(patient, day, treated: true).Person is { } person)
            {
                var told = person.Outcomes.Select(o => (Late: patient.Outcomes.Single(p => p.Milestone == o.Key).ClosesOn > day.AddDays(40), Elsewhere: o.Value.Contains("ketamine-im"))).ToArray();
                Assert.DoesNotContain(told, t => t is { Late: false, Elsewhere: true });
                Assert.DoesNotContain("ketamine-im", person.Leaves);
                (before, after) = (before + told.Count(t => !t.Late), after + told.Count(t => t.Elsewhere));
            }
        }

        Assert.True(before > 50 && after > 20, $"{before} milestones before, {after} after");
    }

    private static (VirtualPerson? Person, int Transfers) Play(SimulatedPatient patient, DateOnly? movesOn, bool treated = false)
    {
        var store = Course.NewStore();
        patient.MovesOn = movesOn;
        var played = new TransferredPatient(patient, store, treated);
        played.GoOn(Course.Day(36));
        return (store.Persons.GetValueOrDefault(patient.Person.Id), played.Transfers);
    }

    [Fact]
    public void Three_recipients_together_leave_nobody_under_k()
    {
        using var folder = WorkFolder.Create(null);

        var figures = Coalitions.Run(new(600, 1, ConsentForm.Three, 7), days: 10, folder.Path, CancellationToken.None);

        Assert.Empty(figures.Findings);
        Assert.Equal(0, figures.UnderK);
        Assert.True(figures.Merges > figures.MergesAfterRelease, "No record was merged before a release.");
        Assert.True(figures is { Persons: > 1_000, Tombstones: > 0, Corrections: > 0, TransfersAfterRelease: > 0, MergesAfterRelease: > 0, Least: >= PublicOutcomes.K }, figures.ToString());
    }

    /// <summary>A row of a cell is changed in one recipient's folder: neither verifier nor red team may pass over it.</summary>
    [Fact]
    public void Who_is_alone_with_other_quasi_identifiers_is_found()
    {
        using var folder = WorkFolder.Create(null);

        var figures = Coalitions.Run(new(600, 1, ConsentForm.Three, 7), days: 6, folder.Path, CancellationToken.None, (_, path) =>
        {
            var rows = Directory.GetFiles(path, "rows.ndjson", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
            var lines = File.ReadAllLines(rows);
            var at = Array.FindIndex(lines, l => l.Contains("\"female\"", StringComparison.Ordinal));
            lines[at] = lines[at].Replace("\"female\"", "\"male\"", StringComparison.Ordinal);
            File.WriteAllText(rows, string.Join('\n', lines) + "\n");
        });

        Assert.NotEqual(0, figures.UnderK);
        Assert.Contains(figures.Findings, f => f.EndsWith("intersection", StringComparison.Ordinal));
        Assert.Contains(figures.Findings, f => f.EndsWith("CELL_UNIFORM", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--patients", "0")]
    [InlineData("--years", "6")]
    [InlineData("--seeds", "0")]
    public async Task What_makes_no_sense_is_refused(string option, string value) => Assert.Null(await ParseAsync(option, value));

    [Fact]
    public async Task Without_options_three_sizes_are_simulated_over_three_years()
    {
        var settings = await ParseAsync();

        Assert.Equal([20, 100, 1_000], settings!.PatientsAYear);
        Assert.Equal((3, 20), (settings.Years, settings.CoalitionDays));
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(3_000, "--short")]
    [InlineData(500, "--persons", "500")]
    public async Task Releases_are_measured_over_as_many_persons_as_are_asked_for(int persons, params string[] arguments)
    {
        ReleasesSettings? parsed = null;
        var root = new RootCommand
        {
            ReleasesCommand.Build((settings, _) =>
            {
                parsed = settings;
                return Task.FromResult(0);
            }),
        };
        await root.Parse(["releases", .. arguments]).InvokeAsync();

        Assert.Equal(persons, parsed!.Persons);
    }

    [Theory]
    [InlineData(110_000, 3)]
    [InlineData(3_000, 1, "--short")]
    [InlineData(500, 7, "--persons", "500", "--pulls", "7")]
    public async Task Pulls_are_measured_over_as_many_persons_and_as_often_as_is_asked_for(int persons, int pulls, params string[] arguments)
    {
        PullSettings? parsed = null;
        var root = new RootCommand
        {
            PullCommand.Build((settings, _) =>
            {
                parsed = settings;
                return Task.FromResult(0);
            }),
        };
        await root.Parse(["pull", .. arguments]).InvokeAsync();

        Assert.Equal((persons, pulls), (parsed!.Persons, parsed.Pulls));
    }

    private static NetworkFigures Run(int patients, int years) => SimulatedNetwork.Run(new(patients, years, ConsentForm.One, 3), CancellationToken.None);

    private static async Task<NetworksSettings?> ParseAsync(params string[] arguments)
    {
        NetworksSettings? parsed = null;
        var root = new RootCommand
        {
            NetworksCommand.Build((settings, _) =>
            {
                parsed = settings;
                return Task.FromResult(0);
            }),
        };
        await root.Parse(["network", .. arguments]).InvokeAsync(new() { Error = TextWriter.Null, Output = TextWriter.Null });
        return parsed;
    }
}
