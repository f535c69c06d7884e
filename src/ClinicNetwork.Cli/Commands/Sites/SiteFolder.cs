using System.CommandLine;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Client;
using ClinicNetwork.Domain;
using ClinicNetwork.Site;
using Grpc.Core;
using Option = System.CommandLine.Option;

namespace ClinicNetwork.Cli.Commands.Sites;

/// <summary>The folder of a site's own copy, and its key, as options.</summary>
internal sealed class SiteFolder
{
    private readonly Option<string> folder = Given.Required(Given.Option("--folder", "the folder of this site's copy", "DIR", text => text.Length > 0 ? text : null));

    private readonly Option<string?> key = Given.Option(
        "--key", "the key file, for example on another disk; by CLINICNETWORK_SITE_KEY, else site.key in the folder", "FILE", text => text.Length > 0 ? text : null)!;

    internal Option[] Options => [folder, key];

    internal string Of(Invocation run) => run.Of(folder);

    internal SiteReplica Open(Invocation run) => SiteReplica.Open(run.Of(folder), OptionsOf(run));

    internal SiteReplica Create(Invocation run, string clinic) => SiteReplica.Create(run.Of(folder), clinic, OptionsOf(run));

    private SiteOptions OptionsOf(Invocation run) =>
        new() { KeyFile = run.Of(key) ?? (Environment.GetEnvironmentVariable("CLINICNETWORK_SITE_KEY") is { Length: > 0 } set ? set : null) };

    /// <summary>What the copy refuses is told as what the network refuses.</summary>
    internal static ClinicNetworkException Refused(Refusal refusal) =>
        new(StatusCode.FailedPrecondition, refusal.Reason, refusal.Message, refusal.Field.Length > 0 ? refusal.Field : null);

    internal static SiteView Find(SiteReplica replica, string patient) => replica.Find(patient) ?? throw Refused(
        Refusal.NotFound("PATIENT_NOT_HERE", "patient", "This site has no copy of such a patient."));
}
