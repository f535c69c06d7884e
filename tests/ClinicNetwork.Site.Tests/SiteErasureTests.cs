using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Admin.V1;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Site.Tests.Rig;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Site.Tests;

/// <summary>What is left of a patient in the bytes of a site's folder once it was erased, or taken back. The values are sealed: looked for is the sealed form itself, and the key to it.</summary>
public sealed class SiteErasureTests
{
    private const string Home = "clinics/home";
    private const string Far = "clinics/far";
    private const string Erased = "patients/erased";
    private const string Revoked = "patients/revoked";
    private const string Seen = "patients/seen";
    private const string Kept = "patients/kept";

    [Fact]
    public async Task Of_an_erased_patient_no_byte_is_left_and_of_one_taken_back_what_was_recorded_here_alone()
    {
        await using var network = await SiteNetwork.StartAsync();
        await network.ShareAsync(Erased, Home, Far);
        var far = network.Site(Far);
        var rows = new Dictionary<string, byte[]>();
        foreach (var patient in (string[])[Erased, Revoked, Seen, Kept])
        {
            await network.AskAsync(async n =>
            {
                if (patient != Erased)
                {
                    await SiteNetwork.TreatAsync(n, patient, Home, Far);
                }

                return 0;
            });
            await far.MeetAsync();
            rows[patient] = Read(far.Folder, "SELECT row FROM patients").Single(row => !rows.Values.Any(known => known.AsSpan().SequenceEqual(row)));
            if (patient != Seen)
            {
                Assert.Null(far.Assess(patient, "sent-" + patient[9..]).Refusal);
                await far.MeetAsync();
                Unsent(far, patient);
            }
        }

        var parts = rows.ToDictionary(r => r.Key, r => PartsOf(far.Folder, r.Value));
        Assert.All(parts.Values, of => Assert.True(of.Values.All(some => IsIn(far.Folder, some))));
        await network.AskAsync(async n => await n.As(Home).Patients.SetSharingAsync(Valid.Sharing(Revoked, SiteAccess.Read)));
        await network.AskAsync(async n => await n.As(Home).Patients.SetSharingAsync(Valid.Sharing(Seen, SiteAccess.Read)));
        await EraseAsync(network);
        await far.MeetAsync();

        Assert.Equal([Kept], far.Replica.Patients());
        Assert.All(parts[Erased], part => Assert.False(IsIn(far.Folder, part.Value), $"the {part.Key} of the erased patient is in the folder"));
        Assert.All(parts[Seen], part => Assert.False(IsIn(far.Folder, part.Value), $"the {part.Key} of a patient of whom nothing was recorded here is in the folder"));
        Assert.False(IsIn(far.Folder, parts[Revoked]["copy"]), "the copy of the patient that was taken back is in the folder");
        Assert.All(parts[Kept], part => Assert.True(IsIn(far.Folder, part.Value), $"the {part.Key} of the kept patient is gone"));
        Assert.DoesNotContain(far.Replica.Outbox(), i => i.Patient == Erased);
        var refused = Assert.Single(far.Replica.Outbox(), i => i.Standing == ItemStanding.Refused);
        Assert.Equal(("unsent-revoked", "ACCESS_REVOKED", Revoked), (refused.Change.Fact.RecordAssessment.AssessmentId, refused.Refusal!.Reason, refused.Patient));
    }

    [Fact]
    public async Task Away_for_longer_than_changes_are_kept_it_goes_on_from_the_list_and_keeps_no_copy_of_whom_that_does_not_name()
    {
        await using var network = await SiteNetwork.StartAsync();
        await network.ShareAsync(Revoked, Home, Far);
        await network.AskAsync(async n =>
        {
            await SiteNetwork.TreatAsync(n, Kept, Home, Far);
            return 0;
        });
        var far = network.Site(Far);
        await far.MeetAsync();
        var copies = Pieces(Read(far.Folder, "SELECT body FROM patients"));
        Assert.True(IsIn(far.Folder, copies));
        Unsent(far, Revoked);
        await network.AskAsync(async n => await n.As(Home).Patients.SetSharingAsync(Valid.Sharing(Revoked, SiteAccess.Read)));
        await network.AskAsync(async n => await n.As(Home).Patients.RecordAssessmentAsync(Valid.Assessment(Kept, "meanwhile")));
        await network.Server.StopAsync();
        Trim(network.Server.Folder);
        await network.StartAgainAsync();

        Assert.False((await far.MeetAsync()).Restored);
        Assert.Equal([Kept], far.Replica.Patients());
        Assert.Equal("meanwhile", Assert.Single(far.Replica.Find(Kept)!.State!.Assessments).Id.Value);
        Assert.Equal("ACCESS_REVOKED", Assert.Single(far.Replica.Outbox()).Refusal!.Reason);
        Assert.False(IsIn(far.Folder, copies), "copies of before are in the folder");
        await network.AskAsync(async n => await n.As(Home).Patients.RecordAssessmentAsync(Valid.Assessment(Kept, "then")));
        Assert.Equal(1, (await far.MeetAsync()).Pulled);
    }

    /// <summary>Recorded, and waiting for its time: a person's, by a clock that was ahead.</summary>
    private static void Unsent(SiteMachine site, string patient)
    {
        site.Clock.Wrong = TimeSpan.FromHours(5);
        Assert.Null(site.Assess(patient, "unsent-" + patient[9..], at: site.Clock.GetUtcNow()).Refusal);
        site.Clock.Wrong = TimeSpan.Zero;
    }

    private static async Task EraseAsync(SiteNetwork network)
    {
        using var second = await network.Server.IssueAsync("second", "network-admin");
        using var channel = network.Server.Open(second.Certificate);
        await network.AskAsync(async n => await n.Approvals.ProposeErasureAsync(Valid.Erasure("approvals/erase", Erased)));
        var approvals = new Network(channel).Approvals;
        await approvals.ApproveAsync(Valid.Approval((await approvals.GetApprovalAsync(new() { Name = "approvals/erase" })).Approval));
        await Bounded.UntilAsync("the erasure", async () => (await approvals.GetApprovalAsync(new() { Name = "approvals/erase" })).Approval.Status == ApprovalStatus.Executed);
    }

    /// <summary>As the server does it when entries are old enough.</summary>
    private static void Trim(string folder)
    {
        using var store = Open(Path.Combine(folder, "journal.db"), SqliteOpenMode.ReadWrite);
        using var trim = store.CreateCommand();
        trim.CommandText =
            $"INSERT INTO feed_trimmed (site, position) SELECT site, max(position) FROM feed WHERE site = '{Far}' GROUP BY site; DELETE FROM feed WHERE site = '{Far}'";
        Assert.True(trim.ExecuteNonQuery() > 1);
    }

    /// <summary>What the folder has of a patient, in pieces that are not cut by the file's pages: of longer values some are.</summary>
    private static Dictionary<string, IReadOnlyList<byte[]>> PartsOf(string folder, byte[] row)
    {
        (string Name, IReadOnlyList<byte[]> Pieces)[] parts =
        [
            ("row's name", [row]),
            ("key", Pieces(Read(folder, "SELECT key FROM patients WHERE row = $row", row))),
            ("copy", Pieces(Read(folder, "SELECT body FROM patients WHERE row = $row", row))),
            ("request ids", Read(folder, "SELECT request FROM outbox WHERE row = $row", row)),
            ("changes", Pieces(Read(folder, "SELECT body FROM outbox WHERE row = $row", row))),
        ];
        return parts.Where(p => p.Pieces.Count > 0).ToDictionary(p => p.Name, p => p.Pieces);
    }

    private static IReadOnlyList<byte[]> Pieces(IReadOnlyList<byte[]> values) => [.. values.SelectMany(v => v.Chunk(32)).Where(piece => piece.Length == 32)];

    private static bool IsIn(string folder, IReadOnlyList<byte[]> pieces)
    {
        Assert.NotEmpty(pieces);
        var files = Directory.GetFiles(folder).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)).Select(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }).ToList();
        return pieces.Any(piece => files.Any(bytes => bytes.AsSpan().IndexOf(piece) >= 0));
    }

    private static List<byte[]> Read(string folder, string query, byte[]? row = null)
    {
        using var file = Open(Path.Combine(folder, "site.db"), SqliteOpenMode.ReadOnly);
        using var command = file.CreateCommand();
        command.CommandText = query;
        command.Parameters.AddWithValue("$row", row ?? []);
        using var reader = command.ExecuteReader();
        var values = new List<byte[]>();
        while (reader.Read())
        {
            values.Add((byte[])reader[0]);
        }

        return values;
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
