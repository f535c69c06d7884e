using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClinicNetwork.Verification.RedTeam.Feeds;

namespace ClinicNetwork.Verification.Tests.RedTeam.Feeds;

/// <summary>
/// A made-up network that publishes to three recipients over some days, by a simple engine of its own: cells of 14 and more that all recipients share, whole cells, one milestone a day after the
/// first, five in a hundred withheld, withdrawals, corrections. Folders are as pulled after the last day; signatures and measures are left out, the red team looks at neither.
/// </summary>
internal sealed class FeedNetwork
{
    private const int Smallest = 14;
    private const int K = 11;
    private static readonly string[] Milestones = ["END_OF_INDUCTION", "WEEK_4", "WEEK_8", "WEEK_12", "WEEK_26", "WEEK_52"];
    private static readonly string[] Names = ["sex", "age", "treatment", "baseline_severity"];
    private static readonly string[][][] Grid =
    [
        [["female", "*"], ["male", "*"]],
        [.. Enumerable.Range(0, 60).Select(i => (string[])[$"a{i}", $"b{i / 5}", $"c{i / 15}", "*"])],
        [["ketamine-iv", "*"], ["esketamine-nasal", "*"]],
        [["MODERATE", "below", "*"], ["MODERATELY_SEVERE", "below", "*"], ["SEVERE", "over", "*"]],
    ];

    private static readonly string[] Outcomes = ["worsening", "remission", "response", "no_change"];

    private readonly Random _random;
    private readonly FeedPlant _plant;
    private readonly List<Person> _persons = [];
    private readonly List<Cell> _cells = [];
    private readonly List<Row>[] _batches;
    private readonly List<(int Batch, int Row)>[] _tombstones;
    private readonly List<(Row Row, Row Of)> _corrections = [];

    /// <param name="arrivals">Persons a day.</param>
    public FeedNetwork(int seed, int days, int arrivals, FeedPlant plant = FeedPlant.None, double withdraw = 0.01)
    {
        (_random, _plant) = (new Random(seed), plant);
        _batches = [.. Enumerable.Range(0, days).Select(_ => new List<Row>())];
        _tombstones = [.. Enumerable.Range(0, days).Select(_ => new List<(int Batch, int Row)>())];
        for (var day = 0; day < days; day++)
        {
            Form([.. Enumerable.Range(0, arrivals).Select(_ => Draw($"pt-{_persons.Count}"))], day);
            foreach (var person in _persons.Where(p => p.Cell is not null && !p.Withdrawn))
            {
                person.Withdrawn = _random.NextDouble() < withdraw;
            }

            Publish(day);
        }
    }

    public IReadOnlyList<string> Ids => [.. _persons.Select(person => person.Id)];

    public FeedPeople People(int control) => new(
        [.. _persons.Where(person => person.Cell is not null).Select(person => new FeedPerson(Pseudonym(0, person), person.Leaves, person.Measured[0] ? Outcomes[person.Outcome[0]] : null))],
        [.. Enumerable.Range(0, control).Select(Sample).Select(person => new FeedPerson("", person.Leaves, person.Measured[0] ? Outcomes[person.Outcome[0]] : null))]);

    /// <param name="applied">Rows that are withdrawn are hashes; else the registry kept them.</param>
    public string Write(string folder, int recipient, bool applied = true)
    {
        for (var b = 0; b < _batches.Length; b++)
        {
            var batch = Directory.CreateDirectory(Path.Combine(folder, "batches", (b + 1).ToString("D4", CultureInfo.InvariantCulture))).FullName;
            File.WriteAllText(Path.Combine(batch, "manifest.json"), Manifest(b, recipient).ToJsonString());
            File.WriteAllText(Path.Combine(batch, "rows.ndjson"), string.Concat(_batches[b].Select((row, number) => Line(number, row, recipient, applied))));
        }

        return folder;
    }

    private Person Draw(string id)
    {
        var person = Sample(_persons.Count) with { Id = id };
        _persons.Add(person);
        return person;
    }

    private Person Sample(int number)
    {
        string[] leaves = [.. Grid.Select((paths, a) => paths[a == 1 ? (_random.Next(60) + _random.Next(60)) / 2 : _random.Next(3) == 0 ? _random.Next(paths.Length) : 0][0])];
        var outcome = new int[Milestones.Length];
        var measured = new bool[Milestones.Length];
        for (var m = 0; m < outcome.Length; m++)
        {
            outcome[m] = m > 0 && _random.Next(10) < 7 ? outcome[m - 1] : _random.Next(100) switch { < 9 => 0, < 36 => 1, < 58 => 2, _ => 3 };
            measured[m] = _random.Next(10) < 8;
        }

        return new($"pt-{number}", leaves, outcome, measured);
    }

    /// <summary>Splits by one attribute after the other while every part is large enough; who finds no cell below the root stays out.</summary>
    private void Form(List<Person> persons, int day)
    {
        Split([1, 1, 1, 1], persons, day);
    }

    private void Split(int[] depth, List<Person> persons, int day)
    {
        foreach (var a in Enumerable.Range(0, Grid.Length).OrderBy(a => depth[a]).Where(a => depth[a] < Grid[a][0].Length))
        {
            var parts = persons.GroupBy(person => Label(a, depth[a] + 1, person.Leaves[a])).ToArray();
            if (parts.All(part => part.Count() >= Smallest))
            {
                foreach (var part in parts)
                {
                    Split([.. depth.Select((d, i) => i == a ? d + 1 : d)], [.. part], day);
                }

                return;
            }
        }

        if (depth.Any(d => d > 1) && persons.Count >= Smallest)
        {
            AddCell([.. depth.Select((d, a) => Label(a, d, persons[0].Leaves[a]))], persons, day);
        }
    }

    private static string Label(int attribute, int depth, string leaf) => Grid[attribute].Single(path => path[0] == leaf)[^depth];

    private void AddCell(string[] region, List<Person> members, int day)
    {
        var cell = new Cell($"c-{_random.NextInt64():x16}", region, members, day);
        _cells.Add(cell);
        foreach (var member in members)
        {
            member.Cell = cell;
            if (_plant == FeedPlant.Sorted)
            {
                Array.Fill(member.Outcome, region.Sum(label => label.Length + label[^1]) % Outcomes.Length);
            }
        }
    }

    private void Publish(int day)
    {
        var rows = new List<Row>();
        foreach (var cell in _cells.Where(cell => cell.Members.Count(member => !member.Withdrawn) >= K && day - cell.Day < Milestones.Length))
        {
            var m = day - cell.Day;
            Person[] living = [.. cell.Members.Where(member => !member.Withdrawn)];
            var uniform = living.Where(member => member.Measured[m]).Select(member => member.Outcome[m]).Distinct().Count() < 2;
            if ((uniform && _plant != FeedPlant.Sorted) || (_plant != FeedPlant.WithholdUniform && _random.NextDouble() < 0.05))
            {
                continue;
            }

            rows.AddRange(living.Select(member => new Row(member, cell, m, cell.Name, cell.Region)));
        }

        Plant(day, rows);
        if (day > 0 && _batches[day - 1].FirstOrDefault(row => !row.Person.Withdrawn && row.Person.Measured[row.Milestone]) is { } wrong && !rows.Exists(row => row.Person == wrong.Person && row.Milestone == wrong.Milestone))
        {
            wrong.Superseded = day;
            var corrected = wrong with { Superseded = null, Corrected = true };
            _corrections.Add((corrected, wrong));
            rows.Add(corrected);
        }

        _random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(rows));
        _batches[day] = rows;
        for (var b = 0; b < day; b++)
        {
            foreach (var (number, row) in _batches[b].Index())
            {
                if (!row.Told && (row.Superseded == day || row.Person.Withdrawn || row.Cell.Members.Count(member => !member.Withdrawn) < K))
                {
                    row.Told = true;
                    _tombstones[day].Add((b + 1, number));
                }
            }
        }
    }

    private void Plant(int day, List<Row> rows)
    {
        var old = _cells.Where(cell => cell.Day < day && rows.Exists(row => row.Cell == cell)).ToArray();
        if (_plant == FeedPlant.Cumulative && day == _batches.Length - 1)
        {
            rows.AddRange(_batches.SelectMany(batch => batch).Where(row => row.Superseded is null && !row.Corrected && !row.Person.Withdrawn && row.Cell.Members.Count(member => !member.Withdrawn) >= K).Select(row => row with { }).ToArray());
        }
        else if (_plant == FeedPlant.TopUp && day == 1)
        {
            var newcomer = Draw("pt-late");
            newcomer.Cell = old[0];
            old[0].Members.Add(newcomer);
            rows.Add(new(newcomer, old[0], 1, old[0].Name, old[0].Region));
        }
        else if (_plant == FeedPlant.LeftOut && day == 1)
        {
            rows.Remove(rows.First(row => row.Cell == old[0]));
        }
        else if (_plant == FeedPlant.Merge && day == 1)
        {
            for (var i = 0; i < rows.Count; i++)
            {
                if (rows[i].Cell == old[0] || rows[i].Cell == old[1])
                {
                    rows[i] = rows[i] with { Name = "c-00000000000000ff", Region = ["*", "*", "*", "*"] };
                }
            }
        }
    }

    private JsonObject Manifest(int b, int recipient)
    {
        var rows = _batches[b];
        var manifest = new JsonObject
        {
            ["format"] = "clinicnetwork.release/2",
            ["recipient"] = $"agreement-{recipient}",
            ["rows"] = rows.Count,
            ["k"] = K,
            ["withhold_share"] = 0.05,
            ["columns"] = JsonSerializer.SerializeToNode(Columns(recipient)),
            ["quasi_identifiers"] = JsonSerializer.SerializeToNode(Names),
            ["hierarchies"] = JsonSerializer.SerializeToNode(Names.Zip(Grid).ToDictionary(pair => pair.First, pair => pair.Second)),
            ["cells"] = JsonSerializer.SerializeToNode(rows.Where(row => !row.Corrected).CountBy(row => (row.Name, row.Milestone)).Select(told => new { cell = told.Key.Name, milestone = Milestones[told.Key.Milestone], members = told.Value })),
            ["tombstones"] = JsonSerializer.SerializeToNode(_tombstones[b].GroupBy(t => t.Batch).Select(group => new { batch = group.Key, rows = group.Select(t => t.Row).Order() })),
            ["corrections"] = JsonSerializer.SerializeToNode(_corrections.Where(c => rows.Exists(row => ReferenceEquals(row, c.Row))).Select(c => new { row = rows.FindIndex(row => ReferenceEquals(row, c.Row)), batch = b, of = _batches[b - 1].FindIndex(row => ReferenceEquals(row, c.Of)) })),
            ["waiting"] = _plant == FeedPlant.SmallCount ? "7" : "fewer than 11",
            ["missing"] = new JsonObject { ["UNREACHABLE"] = "fewer than 11" },
        };
        return manifest;
    }

    private static string[] Columns(int recipient) =>
        ["pseudonym", "cell", "milestone", .. Names, "status", "missing_reason", "response", "remission", "worsening", "sessions", .. recipient == 1 ? (string[])["phq9"] : []];

    private string Line(int number, Row row, int recipient, bool applied)
    {
        var gone = row.Person.Withdrawn || row.Cell.Members.Count(member => !member.Withdrawn) < K;
        if (applied ? gone || row.Superseded is not null : gone && !row.Told)
        {
            return $"{{\"row\":{number},\"leaf\":\"{Convert.ToHexStringLower(SHA256.HashData([(byte)number]))}\"}}\n";
        }

        var (person, m) = (row.Person, row.Milestone);
        var outcome = row.Corrected ? (person.Outcome[m] + 1) % 4 : person.Outcome[m];
        string YesNo(bool yes) => !person.Measured[m] ? "" : yes ? "yes" : "no";
        var region = _plant == FeedPlant.Leaves ? person.Leaves : _plant == FeedPlant.OtherRegions && recipient == 1 ? Finer(row) : row.Region;
        string[] values =
        [
            Pseudonym(recipient, person), row.Name, Milestones[m], .. region, person.Measured[m] ? "MEASURED" : "MISSING", person.Measured[m] ? "" : "UNREACHABLE",
            YesNo(outcome is 1 or 2), YesNo(outcome == 1), YesNo(outcome == 0), person.Sessions, .. recipient == 1 ? (string[])[$"{(outcome * 6) + (person.Number % 6)}"] : [],
        ];
        return $"{{\"row\":{number},\"salt\":\"{number:x32}\",\"values\":[{string.Join(',', values.Select(value => $"\"{value}\""))}]}}\n";
    }

    /// <summary>The one attribute that has a finer label for all persons alike is age; halves of a cell get one each.</summary>
    private static string[] Finer(Row row) => [row.Region[0], row.Person.Leaves[1], row.Region[2], row.Region[3]];

    private string Pseudonym(int recipient, Person person)
    {
        var key = _plant == FeedPlant.SharedKey ? 0 : recipient;
        var bytes = _plant == FeedPlant.UnkeyedHash ? SHA256.HashData(Encoding.UTF8.GetBytes(person.Id)) : HMACSHA256.HashData(new byte[] { (byte)key, 1, 2, 3 }, Encoding.UTF8.GetBytes(person.Id));
        return Convert.ToHexStringLower(bytes.AsSpan(..16));
    }

    private sealed record Person(string Id, string[] Leaves, int[] Outcome, bool[] Measured)
    {
        public Cell? Cell { get; set; }

        public bool Withdrawn { get; set; }

        public int Number => int.TryParse(Id.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

        public string Sessions => Number % 3 == 0 ? "4-8" : "9+";
    }

    private sealed record Cell(string Name, string[] Region, List<Person> Members, int Day);

    private sealed record Row(Person Person, Cell Cell, int Milestone, string Name, string[] Region)
    {
        public bool Told { get; set; }

        public int? Superseded { get; set; }

        public bool Corrected { get; init; }
    }
}
