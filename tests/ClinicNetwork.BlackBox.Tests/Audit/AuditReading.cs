using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Audit.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Audit;

/// <summary>What the tests of the audit ask a running network.</summary>
internal static class AuditReading
{
    public const string Patient = "patients/audited-1";
    public const string Subject = "pt-audited-1";

    /// <summary>A head is signed at most this long after an entry, and the test asks for it often.</summary>
    private static readonly TimeSpan HeadWithin = TimeSpan.FromSeconds(60);

    public static string[] Connection(ServerProcess server) => ["--server", server.Announced, "--identity", Path.Combine(server.Folder, "admin.pem")];

    public static Task<(int ExitCode, string Out, string Error)> VerifyAsync(ServerProcess server, TempFolder folder) =>
        Clinicnet.RunAsync(folder.Path, [.. Connection(server), "audit", "verify"]);

    /// <summary>The entries about a patient or a clinic, but for those of this question itself, once there are so many: reads are kept within half a second, and placed within another.</summary>
    public static async Task<IReadOnlyList<PlacedEntry>> UntilAsync(Network network, string parent, int count) =>
        await PollAsync(async () => (await network.Audit.ListAccessesAsync(new() { Parent = parent })).Entries
            .Where(placed => !placed.Entry.Action.StartsWith("audit.", StringComparison.Ordinal)).ToList() is { } entries && entries.Count >= count ? entries : null);

    public static Task<Head> HeadAsync(Network network, long size) => PollAsync(async () =>
    {
        try
        {
            var head = (await network.Audit.GetHeadAsync(new())).Head;
            return Checkpoint.Of(head).Size >= size ? head : null;
        }
        catch (RpcException none) when (none.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    });

    private static async Task<T> PollAsync<T>(Func<Task<T?>> ask)
        where T : class
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var patience = new CancellationTokenSource(HeadWithin);
        while (true)
        {
            if (await ask() is { } found)
            {
                return found;
            }

            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    public readonly record struct Checkpoint(long Size, byte[] Root)
    {
        public static Checkpoint Of(Head head)
        {
            var lines = head.Note.ToStringUtf8().Split('\n');
            return new(long.Parse(lines[1], System.Globalization.CultureInfo.InvariantCulture), Convert.FromBase64String(lines[2]));
        }
    }
}
