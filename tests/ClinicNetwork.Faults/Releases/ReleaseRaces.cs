using System.Globalization;
using ClinicNetwork.Client;
using ClinicNetwork.Faults.Processes;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Verification;
using ClinicNetwork.Verification.RedTeam.Feeds;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Faults.Releases;

/// <summary>
/// Guarantees 6 and 7 under fire: publication after publication with three recipients, withdrawals raced against each, the server killed in them. Afterwards every page of every batch is
/// read, each recipient pulls its folder, verifier and red team go through the folders, one by one and together.
/// </summary>
internal sealed class ReleaseRaces(RaceSettings settings, Action<string> say)
{
    /// <summary>Of the manifest; below it a cell and milestone is under k.</summary>
    private const int K = 11;

    /// <summary>A withdrawal in so many is of one class alone.</summary>
    private const int NarrowedEvery = 5;
    private const int OldShare = 3;
    private const int SecondCoursesADay = 2;
    private const double Early = 0.2;

    /// <summary>Steps of a publication: prepared, sealed for three, committed, and some of them again.</summary>
    private const int StepsMax = 6;

    private static readonly RecipientClass[] WithoutIndustry = [RecipientClass.ResearchRegistry, RecipientClass.PublicHealth];
    private static readonly TimeSpan TookAtFirst = TimeSpan.FromSeconds(1.5);

    private readonly Random _random = new(settings.Seed);
    private readonly LeakJudge _judge = new();

    /// <summary>Who permits everybody, of earlier days.</summary>
    private readonly List<Person> _permitting = [];
    private int _races;
    private int _returned;
    private int _kills;
    private int _underK;
    private int _overlooked;
    private int _notMade;
    private int _starts;
    private bool _isArmed;
    private TimeSpan _took = TookAtFirst;

    private Dictionary<string, string> Environment => settings.Defect.Length == 0 ? [] : new() { ["CLINICNETWORK_FAULT_DEFECT"] = settings.Defect };

    /// <exception cref="RigException">The rig itself could not do what it must.</exception>
    public async Task<RaceResult> RunAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(settings.Out);
        var work = Directory.CreateTempSubdirectory("clinicnetwork-releases-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // The database runs as a user of its own when the rig is root.
            File.SetUnixFileMode(work, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        var owned = new Owned(work);
        try
        {
            await using var network = await ReleaseNetwork.StartAsync(work, owned, Environment, stop);
            return await RunAsync(network, stop);
        }
        finally
        {
            owned.Dispose();
            if (File.Exists(Path.Combine(work, "server.log")))
            {
                File.Copy(Path.Combine(work, "server.log"), Path.Combine(settings.Out, "server.log"), overwrite: true);
            }

            Directory.Delete(work, recursive: true);
        }
    }

    private async Task<RaceResult> RunAsync(ReleaseNetwork network, CancellationToken stop)
    {
        var treatments = new Treatments(network.Client);
        await treatments.RegisterAsync(stop);
        var reader = new PageReader(network, _judge);
        var days = 0;
        while (_notMade == 0 && (days < settings.DaysMin || _races < settings.Races || _kills < settings.Kills))
        {
            if (days == RaceSettings.DaysMax)
            {
                throw new RigException($"after {days} publication days there were {_races} races and {_kills} kills: more need another run");
            }

            await DayAsync(network, treatments, reader, ++days, stop);
        }

        var batches = 0;
        foreach (var recipient in network.Recipients)
        {
            batches += (await recipient.Client.Releases.GetFeedStatusAsync(new() { Name = ReleaseNetwork.Profile }, cancellationToken: stop)).Batches;
        }

        var (refused, redTeam) = await PullAsync(network, stop);
        var blocked = File.ReadLines(network.Log).Count(line => line.Contains("PUBLICATION_BLOCKED", StringComparison.Ordinal));
        return new(days, _races, _returned, _kills, batches, reader.Pages, reader.Rows, [.. reader.Leaks], _overlooked, _underK, blocked + _notMade, refused, redTeam);
    }

    private async Task DayAsync(ReleaseNetwork network, Treatments treatments, PageReader reader, int number, CancellationToken stop)
    {
        var day = ReleaseNetwork.Begin.AddMonths(2 + number);
        Person[] fresh = [.. Enumerable.Range(0, settings.NewPerDay).Select(n => new Person(number, n))];
        await AdvanceAsync(network, day.AddDays(-20), stop);
        await treatments.TreatAsync(fresh, day, stop);
        foreach (var person in _permitting.Where(p => !p.Again && p.Day < number - 1).Take(SecondCoursesADay))
        {
            await treatments.BeginAgainAsync(person, day.AddDays(-21), stop);
        }

        await AdvanceAsync(network, day.AddHours(-1), stop);
        var expected = await network.ReadPublishedAsync(stop) + 1;
        var withdrawals = Choose(fresh);
        var race = new RaceDay(network, _judge, reader, Environment);
        TimeSpan? kill = _kills < settings.Kills && !_isArmed ? Within(_random.NextDouble()) : null;
        await race.RunAsync(day, expected, withdrawals, kill, NextPoint, stop);
        (_races, _kills) = (_races + race.Races, _kills + race.Kills);
        _took = race.Kills == 0 ? race.Took : _took;
        _notMade += race.IsMade ? 0 : 1;

        foreach (var recipient in network.Recipients)
        {
            var seen = await reader.ReadAsync(recipient, 0, stop);
            _underK += seen.Values.Count(persons => persons.Count < K);
        }

        _overlooked += await network.CountOverlookedAsync(stop);
        await ReturnAsync(network, treatments, withdrawals, day, stop);
        say(string.Create(CultureInfo.InvariantCulture, $"day {number}: publication {expected} took {race.Took.TotalSeconds:0.0} s, {race.Kills} kills; in all {_races} races, {_kills} kills, {reader.Leaks.Count} leaks, {reader.Rows} rows read"));
    }

    /// <summary>Half of them early, while it is prepared. Who withdraws is of this day or of an earlier one.</summary>
    private Withdrawal[] Choose(Person[] fresh)
    {
        var old = _permitting.OrderBy(_ => _random.Next()).Take(settings.PerDay / OldShare).ToArray();
        var chosen = old.Concat(fresh.OrderBy(_ => _random.Next()).Take(settings.PerDay - old.Length)).ToArray();
        _permitting.AddRange(fresh);
        _permitting.RemoveAll(chosen.Contains);
        return
        [
            .. chosen.Select(person => new Withdrawal(
                person, _random.Next(NarrowedEvery) == 0 ? WithoutIndustry : [], Within(_random.NextDouble() * (_random.Next(2) == 0 ? Early : 1)))),
        ];
    }

    /// <param name="share">Of the time that a publication took.</param>
    private TimeSpan Within(double share) => TimeSpan.FromMilliseconds(Math.Round(_took.TotalMilliseconds * share));

    /// <summary>Half of them consent again: into cells to come, never into what was published.</summary>
    private async Task ReturnAsync(ReleaseNetwork network, Treatments treatments, Withdrawal[] withdrawals, DateTimeOffset day, CancellationToken stop)
    {
        var published = await network.ReadPublishedAsync(stop);
        foreach (var withdrawal in withdrawals.Where((_, n) => n % 2 == 0))
        {
            foreach (var recipient in network.Recipients)
            {
                _judge.Returned(withdrawal.Person.Stream, recipient.Id, published);
            }

            await treatments.SetConsentAsync(withdrawal.Person, Treatments.Everybody, day, stop);
            _permitting.Add(withdrawal.Person);
            _returned++;
        }
    }

    /// <summary>Every other start is armed to crash before or after a step of the publication, this one or the next; after the others a kill comes from outside, at any time.</summary>
    private IReadOnlyDictionary<string, string> NextPoint()
    {
        _isArmed = ++_starts % 2 == 1 && _kills < settings.Kills;
        return !_isArmed
            ? new Dictionary<string, string>()
            : new Dictionary<string, string>
            {
                ["CLINICNETWORK_FAULT_POINT"] = _starts % 4 == 1 ? "BeforePublicationStep" : "AfterPublicationStep",
                ["CLINICNETWORK_FAULT_AFTER"] = _random.Next(StepsMax).ToString(CultureInfo.InvariantCulture),
            };
    }

    private static async Task AdvanceAsync(ReleaseNetwork network, DateTimeOffset to, CancellationToken stop) =>
        await network.Client.Network.AdvanceClockAsync(new() { RequestId = RequestIds.New(), To = to.ToTimestamp() }, cancellationToken: stop);

    private async Task<(List<string> Refused, List<string> RedTeam)> PullAsync(ReleaseNetwork network, CancellationToken stop)
    {
        var (refused, folders) = (new List<string>(), new List<string>());
        foreach (var recipient in network.Recipients)
        {
            var folder = Path.Combine(settings.Out, recipient.Id);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            await new ReleasePuller(recipient.Client, folder).PullAsync(ReleaseNetwork.Profile, cancellationToken: stop);
            refused.AddRange(ReleaseVerifier.VerifyFolder(folder, stop).Findings.Select(f => $"{recipient.Id}: {f.Rule} {f.File} {f.Line}: {f.Message}"));
            folders.Add(folder);
        }

        refused.AddRange(CoalitionVerifier.VerifyFolders([.. folders]).Select(f => $"together: {f.Rule} {f.File} {f.Line}: {f.Message}"));
        var report = FeedRun.Attack(folders, FeedPeople.Nobody, new FeedSettings(settings.Seed), stop);
        refused.AddRange(report.Held ? [] : ["the red team: an attack is above its bound"]);
        return (refused, [.. report.Results.Select(r => string.Create(CultureInfo.InvariantCulture, $"  {r.Attack,-34} {r.Verdict,-15} {r.Found}"))]);
    }
}
