using System.Security.Cryptography;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Grains;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Journal.Sqlite;
using ClinicNetwork.Server.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClinicNetwork.Server.Tests;

/// <summary>A line of the authority's lists is one entry of the audit, whoever enters it, how often, and whatever is away or killed meanwhile.</summary>
public sealed class RegisterEntriesTests : IAsyncLifetime, IDisposable
{
    private static readonly string[] Issued = ["0AF1", "nurse-1", "nurse+coordinator", "harbour+hill", "2026-01-02T03:04:05Z", "2026-04-02T03:04:05Z"];
    private static readonly DateTimeOffset Read = new(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("clinicnetwork-entries-").FullName;
    private readonly ECDsa _signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly SetTime _time = new() { Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero) };
    private SqliteStore _store = null!;
    private AwayAudit _audit = null!;

    public async Task InitializeAsync()
    {
        _store = await SqliteStore.OpenAsync(new() { Folder = _folder }, default);
        _audit = new(_store.Audit);
        NetworkAuthority.LoadOrCreate(_folder, TimeProvider.System).Dispose();
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public void Dispose() => _signing.Dispose();

    [Fact]
    public void A_line_says_who_got_which_roles_where_and_its_entry_has_one_id()
    {
        var entry = RegisterEntries.IssueOf(Issued)!;
        Assert.Equal(
            ("certs/issue nurse-1 nurse+coordinator", "authority", "harbour+hill", "certificate-0AF1", "OK", 1, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)),
            (entry.Action, entry.Actor, entry.Site, entry.Subject, entry.Outcome, entry.Count, entry.At));
        Assert.Equal(entry, RegisterEntries.IssueOf([.. Issued]));
        var revoked = RegisterEntries.RevocationOf(["0AF1", "2026-02-02T03:04:05Z"], Read)!;
        Assert.Equal(("certs/revoke", "certificate-0AF1", new DateTimeOffset(2026, 2, 2, 3, 4, 5, TimeSpan.Zero)), (revoked.Action, revoked.Subject, revoked.At));
        Assert.NotEqual(entry.EntryId, revoked.EntryId);
        Assert.NotEqual(entry.EntryId, RegisterEntries.IssueOf([.. Issued[..2], "operator", .. Issued[3..]])!.EntryId);
        Assert.All((AccessRecord[])[entry, revoked], one => Assert.Equal("HSYSADMIN", one.Purpose));
    }

    [Fact]
    public void What_is_no_line_of_certs_or_clients_is_no_entry()
    {
        Assert.Null(RegisterEntries.IssueOf(Issued[..5]));
        Assert.Null(RegisterEntries.IssueOf([.. Issued[..4], "yesterday", Issued[5]]));
        Assert.Null(RegisterEntries.IssueOf(["0AF1", new string('n', 3_000), .. Issued[2..]]));
        Assert.Null(RegisterEntries.RevocationOf(["no serial", "2026-02-02T03:04:05Z"], Read));
        Assert.Null(RegisterEntries.ChangeOf(["Not An Id", "nurse", "", "https://keys.example/1", "2026-02-02T03:04:05Z"], Read));
    }

    /// <summary>It counts, so it is an entry, under the time when it was read.</summary>
    [Theory]
    [InlineData("0AF1")]
    [InlineData("0AF1,2026-02-0")]
    public void A_revocation_whose_end_was_torn_off_is_entered_too(string line)
    {
        var revoked = RegisterEntries.RevocationOf(line.Split(','), Read)!;
        Assert.Equal(("certs/revoke", "certificate-0AF1", Read), (revoked.Action, revoked.Subject, revoked.At));
    }

    [Fact]
    public async Task What_a_machine_may_do_and_with_which_keys_is_entered_each_time_it_changes()
    {
        const string Keys = """{"keys":[]}""";
        Register("pacs-1", Roles.Nurse | Roles.Coordinator, Keys, "harbour", "hill");
        Register("pacs-1", Roles.Operator, Keys);
        Register("pacs-1", Roles.Operator, "https://keys.example/pacs-1");
        _time.Now += TimeSpan.FromMinutes(1);
        ClientRegister.Removed(_folder, "pacs-1", _time);
        // Another's, and one who looks alike.
        Register("pacs-2", Roles.Nurse, Keys);
        Assert.Null(await Entries().EnterAsync(default));
        var hash = "jwks-sha256:" + Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Keys)));
        Assert.Equal(
            [
                $"clients/register nurse+coordinator {hash} at harbour+hill", $"clients/register operator {hash} at ",
                "clients/register operator https://keys.example/pacs-1 at ", "clients/remove at ",
            ],
            (await PlacedAsync()).Where(entry => entry.Subject == "client-pacs-1").Select(entry => $"{entry.Action} at {entry.Site}"));
    }

    [Fact]
    public async Task While_the_database_is_away_all_wait_and_are_there_once_when_it_is_back_also_after_a_kill_in_between()
    {
        Write(3);
        _audit.Away = true;
        var entries = Entries();
        Assert.Equal("the database does not answer", await entries.EnterAsync(default));
        Write(1);
        Assert.Equal("the database does not answer", await entries.EnterAsync(default));
        Assert.Empty(await PlacedAsync());

        // They are there, and nobody was told; one process tries again, the other was killed and begins anew.
        (_audit.Away, _audit.LosesAnswers) = (false, 1);
        Assert.NotNull(await entries.EnterAsync(default));
        Assert.Null(await entries.EnterAsync(default));
        Assert.Null(await Entries().EnterAsync(default));
        Assert.Equal(12, await CountAsync());

        Write(1);
        var calls = _audit.Calls;
        Assert.Null(await entries.EnterAsync(default));
        Assert.Null(await entries.EnterAsync(default));
        Assert.Equal((calls + 1, 15), (_audit.Calls, await CountAsync()));
    }

    [Fact]
    public async Task Many_lines_are_entered_in_groups_and_what_one_group_lost_comes_with_the_next_look()
    {
        File.WriteAllLines(Path.Combine(_folder, CertificateRegister.RevokedFile), Enumerable.Range(0, 2 * RegisterEntries.GroupMax).Select(i => $"{i:X4},2026-02-02T03:04:05Z").Prepend("serial,revoked_at"));
        var entries = Entries();
        _audit.AwayAfter = 1;
        Assert.NotNull(await entries.EnterAsync(default));
        Assert.Equal(RegisterEntries.GroupMax, await CountAsync());
        _audit.AwayAfter = null;
        Assert.Null(await entries.EnterAsync(default));
        Assert.Equal((2, 2 * RegisterEntries.GroupMax), (_audit.Calls, await CountAsync()));
    }

    /// <summary>A list that was put back from its backup is shorter; what is written then is entered as well, and a list that cannot be read keeps none of the others out.</summary>
    [Fact]
    public async Task A_list_that_was_put_back_or_cannot_be_read_keeps_no_line_out()
    {
        var entries = Entries();
        var revoked = Path.Combine(_folder, CertificateRegister.RevokedFile);
        CertificateRegister.Revoked(_folder, "AA", _time);
        var backup = File.ReadAllText(revoked);
        CertificateRegister.Revoked(_folder, "BB", _time);
        Assert.Null(await entries.EnterAsync(default));
        File.WriteAllText(revoked, backup);
        CertificateRegister.Revoked(_folder, "CC", _time);
        Assert.Null(await entries.EnterAsync(default));
        Assert.Equal(["certificate-AA", "certificate-BB", "certificate-CC"], (await PlacedAsync()).Select(entry => entry.Subject).Order(StringComparer.Ordinal));

        File.Delete(revoked);
        Register("pacs-1", Roles.Nurse, "https://keys.example/1");
        Assert.Null(await entries.EnterAsync(default));
        Assert.Contains("client-pacs-1", (await PlacedAsync()).Select(entry => entry.Subject));
    }

    /// <summary>As the gateway puts it together: with every place for reads taken, what the authority did is entered all the same.</summary>
    [Fact]
    public async Task When_the_queue_of_reads_is_full_they_are_entered_all_the_same()
    {
        Write(1);
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddSingleton<IAuditLog>(_audit).AddSingleton(TimeProvider.System).AddSingleton(_store.Projections).AddSingleton<FeedWakeUp>();
        GatewayRole.Add(builder, new ServerSettings { Folder = _folder }, _store);
        await using var app = builder.Build();
        // Never started: what comes into it waits.
        var reads = app.Services.GetRequiredService<AccessLog>();
        for (var i = 0; i < AccessLog.WaitingMax; i++)
        {
            Assert.True(reads.TryKeep(new(_time.Now, "care.v1.PatientService/GetPlan", "nurse-1", "harbour", "pt-" + i, "TREAT", "OK", 1)));
        }

        Assert.False(reads.TryKeep(new(_time.Now, "care.v1.PatientService/GetPlan", "nurse-1", "harbour", "pt-more", "TREAT", "OK", 1)));
        Assert.Null(await Assert.Single(app.Services.GetServices<IHostedService>().OfType<RegisterEntries>()).EnterAsync(default));
        Assert.Equal(3, await CountAsync());
    }

    private RegisterEntries Entries() => new(_folder, _audit, TimeProvider.System, NullLogger<RegisterEntries>.Instance);

    private void Register(string id, Roles roles, string keys, params string[] sites)
    {
        _time.Now += TimeSpan.FromMinutes(1);
        ClientRegister.Registered(_folder, new(id, roles, [.. sites.Select(site => ClinicId.TryParseName("clinics/" + site, out var clinic) ? clinic : throw new ArgumentException(site))], keys), _time);
    }

    private int _written;

    /// <summary>So many certificates issued, as many revoked and as many machines registered.</summary>
    private void Write(int each)
    {
        using var authority = NetworkAuthority.Load(_folder, TimeProvider.System);
        for (var i = 0; i < each; i++)
        {
            using var certificate = authority.IssueClient("nurse-1", [], TimeSpan.FromDays(1));
            CertificateRegister.Issued(_folder, certificate, "nurse-1", "nurse", "", _time);
            CertificateRegister.Revoked(_folder, certificate.SerialNumber, _time);
            Register("pacs-" + _written++, Roles.Nurse, "https://keys.example/1");
        }
    }

    /// <summary>All that is in the audit, each there once.</summary>
    private async Task<IReadOnlyList<AuditEntry>> PlacedAsync()
    {
        while (!(await _store.Audit.PlaceAsync(new(_store.Incarnation, _signing, TimeProvider.System), default) is { Placed: 0 }))
        {
        }

        return [.. (await _store.Audit.ReadEntriesAsync(0, 5_000, default)).Select(placed => placed.Entry!)];
    }

    private async Task<int> CountAsync()
    {
        var entries = await PlacedAsync();
        Assert.Equal(entries.Count, entries.Select(entry => (entry.Action, entry.Subject, entry.At)).Distinct().Count());
        Assert.All(entries, entry => Assert.Equal(1, entry.Count));
        return entries.Count;
    }

    /// <summary>A real audit, to which the way may be cut.</summary>
    private sealed class AwayAudit(IAuditLog inner) : IAuditLog
    {
        public bool Away { get; set; }

        /// <summary>So many groups are kept, and the answer is lost.</summary>
        public int LosesAnswers { get; set; }

        /// <summary>Away once so many groups were kept.</summary>
        public int? AwayAfter { get; set; }

        public int Calls { get; private set; }

        public async Task RecordAsync(IReadOnlyList<AccessRecord> accesses, CancellationToken cancellationToken)
        {
            if (Away || Calls >= AwayAfter)
            {
                throw new StoreUnavailableException("away");
            }

            Calls++;
            await inner.RecordAsync(accesses, cancellationToken);
            if (LosesAnswers-- > 0)
            {
                throw new StoreUnavailableException("lost");
            }
        }

        public Task<AuditRound> PlaceAsync(AuditHeads heads, CancellationToken cancellationToken) => inner.PlaceAsync(heads, cancellationToken);

        public Task<string?> FindProblemAsync(CancellationToken cancellationToken) => inner.FindProblemAsync(cancellationToken);

        public Task<SignedHead?> ReadHeadAsync(CancellationToken cancellationToken) => inner.ReadHeadAsync(cancellationToken);

        public Task<IReadOnlyList<SignedHead>> ReadHeadsAsync(long afterNumber, int limit, CancellationToken cancellationToken) => inner.ReadHeadsAsync(afterNumber, limit, cancellationToken);

        public Task<IReadOnlyList<PlacedEntry>> ReadEntriesAsync(long from, int limit, CancellationToken cancellationToken) => inner.ReadEntriesAsync(from, limit, cancellationToken);

        public Task<IReadOnlyList<PlacedEntry>> ReadOfSubjectAsync(string subject, long from, int limit, CancellationToken cancellationToken) => inner.ReadOfSubjectAsync(subject, from, limit, cancellationToken);

        public Task<IReadOnlyList<byte[]>> ReadNodesAsync(int level, long index, int count, CancellationToken cancellationToken) => inner.ReadNodesAsync(level, index, count, cancellationToken);
    }
}
