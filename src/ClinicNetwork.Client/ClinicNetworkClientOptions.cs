using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography.X509Certificates;

namespace ClinicNetwork.Client;

/// <summary>How a client waits, retries and gives up. Checked when the client is made.</summary>
public sealed record ClinicNetworkClientOptions
{
    /// <summary>The site that the caller acts for, sent as metadata <c>clinicnetwork-site</c>; null acts for the network.</summary>
    /// <value><c>clinics/{clinic}</c>; default null.</value>
    public string? ActingSite { get; init; }

    /// <summary>Who the caller is and which network it trusts; null has no certificate to show, and trusts what the system trusts.</summary>
    /// <value>Default null; a server of ours lets nobody in without.</value>
    public ClientIdentity? Identity { get; init; }

    /// <summary>
    /// An access token for each call over a channel that this library opens, such as <see cref="MachineTokens.GetAsync"/>; null sends none. It is told the certificate that
    /// the call's connection shows, for tokens that are bound to one. It needs an <see cref="Identity"/>.
    /// </summary>
    /// <value>Default null: the certificate alone says who calls.</value>
    public Func<X509Certificate2, CancellationToken, Task<string>>? AccessToken { get; init; }

    /// <summary>How long one call may take, all attempts and waits together.</summary>
    /// <value>100 ms to 1 h; default 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Deadline of one attempt, sent to the server.</summary>
    /// <value>10 ms to 1 h; default 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Attempts after the first, all with the same message and so with the same request id. With the usual waits, calls that are refused at
    /// once go on for 12.5 to 25 s: a silo that died is noticed and replaced, or a database is back, within 12 s.
    /// </summary>
    /// <value>0 to 20; default 16.</value>
    [Range(0, 20)]
    public int RetriesMax { get; init; } = 16;

    /// <summary>Of these, how many a call gets that nobody listens for: every address refuses the connection.</summary>
    /// <value>0 to 20; default 20, so that <see cref="RetriesMax"/> decides.</value>
    [Range(0, 20)]
    public int RefusedRetriesMax { get; init; } = 20;

    /// <summary>Wait before the first retry; doubles with each retry, see <see cref="RetryDelay"/>.</summary>
    /// <value>1 ms to 10 s; default 100 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan RetryDelayFirst { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait of the doubling, and so about how late the end of an outage is noticed.</summary>
    /// <value>1 ms to 5 min; default 2 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:05:00")]
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait that a server may ask for (google.rpc.RetryInfo); a call that is asked for more is not retried.</summary>
    /// <value>0 to 10 min; default 20 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ServerDelayMax { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Share of failed attempts at which the circuit opens.</summary>
    /// <value>0.05 to 1; default 0.5.</value>
    [Range(0.05, 1.0)]
    public double BreakFailureRatio { get; init; } = 0.5;

    /// <summary>Attempts within <see cref="BreakSampling"/> below which the circuit stays closed.</summary>
    /// <value>2 to 10,000; default 20.</value>
    [Range(2, 10_000)]
    public int BreakAttemptsMin { get; init; } = 20;

    /// <summary>Over how long attempts are counted.</summary>
    /// <value>500 ms to 10 min; default 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan BreakSampling { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an open circuit refuses calls before it tries one.</summary>
    /// <value>500 ms to 5 min; default 2 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Times in a row that a cut stream is opened again without having received anything new.</summary>
    /// <value>0 to 1,000; default 16: as long as a call goes on.</value>
    [Range(0, 1_000)]
    public int StreamReopensMax { get; init; } = 16;

    /// <summary>Wait before <see cref="ClinicNetworkClient.PersistAsync"/> does its step again; doubles each time.</summary>
    /// <value>1 ms to 1 min; default 500 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan AwayDelayFirst { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait of that doubling: about how late somebody who stays notices that the network is back.</summary>
    /// <value>1 ms to 1 h; default 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan AwayDelayMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Resources whose highest seen version is remembered; the one not used for the longest time is forgotten first.</summary>
    /// <value>1 to 1,000,000; default 10,000.</value>
    [Range(1, 1_000_000)]
    public int SeenVersionsMax { get; init; } = 10_000;

    /// <summary>Largest message, sent or received; the server's own limit is the same.</summary>
    /// <value>64 KiB to 64 MiB; default 17 MiB.</value>
    [Range(64 * 1024, 64 * 1024 * 1024)]
    public int MessageBytesMax { get; init; } = 17 * 1024 * 1024;

    /// <summary>Quiet time before a connection is probed with an HTTP/2 ping; no answer for half of it closes the connection.</summary>
    /// <value>1 s to 10 min; default 20 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Clock of waits and of the circuit. Tests replace it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Source of jitter, 0 to less than 1. Tests replace it.</summary>
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;

    /// <exception cref="ArgumentOutOfRangeException">A value outside its range, by name.</exception>
    internal ClinicNetworkClientOptions Checked()
    {
        var problems = new List<ValidationResult>();
        if (Validator.TryValidateObject(this, new ValidationContext(this), problems, validateAllProperties: true))
            return this;
        throw new ArgumentOutOfRangeException(problems[0].MemberNames.FirstOrDefault(), problems[0].ErrorMessage);
    }
}
