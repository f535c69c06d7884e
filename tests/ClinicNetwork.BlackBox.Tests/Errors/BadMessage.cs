using ClinicNetwork.BlackBox.Tests.Care;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>One message with one thing wrong, and what the contract says about it.</summary>
/// <param name="Rpc">Service and method, for example <c>PatientService/EnrolPatient</c>.</param>
/// <param name="What">What is wrong with it.</param>
internal sealed record BadMessage(string Rpc, string What, StatusCode Code, string Reason, string Field, Func<Network, Cast, Task> Send)
{
    /// <summary>What was sent, for the search for it in the answer. Set by <see cref="Send"/>.</summary>
    public IMessage? Sent { get; set; }

    public override string ToString() => $"{Rpc}: {What}";
}

/// <summary>Collects the bad messages of one rpc: a valid request, and changes to it.</summary>
internal sealed class BadMessages<TRequest>(string rpc, Func<Cast, TRequest> valid, Func<Network, Cast, TRequest, Task> call) : List<BadMessage>
    where TRequest : IMessage
{
    public BadMessages(string rpc, Func<Cast, TRequest> valid, Func<Network, TRequest, Task> call)
        : this(rpc, valid, (network, _, request) => call(network, request))
    {
    }

    /// <summary>INVALID_ARGUMENT.</summary>
    public BadMessages<TRequest> Invalid(string what, string reason, string field, Action<TRequest> change) =>
        Row(what, StatusCode.InvalidArgument, reason, field, (r, _) => change(r));

    /// <summary>FAILED_PRECONDITION.</summary>
    public BadMessages<TRequest> Precondition(string what, string reason, string field, Action<TRequest, Cast> change) =>
        Row(what, StatusCode.FailedPrecondition, reason, field, change);

    public BadMessages<TRequest> Row(string what, StatusCode code, string reason, string field, Action<TRequest, Cast> change)
    {
        BadMessage? row = null;
        row = new BadMessage(rpc, what, code, reason, field, (network, cast) =>
        {
            var request = valid(cast);
            change(request, cast);
            row!.Sent = request;
            return call(network, cast, request);
        });
        Add(row);
        return this;
    }

    /// <summary>Every bad form of a required resource name.</summary>
    public BadMessages<TRequest> BadNames(string field, string collection, Action<TRequest, string> set)
    {
        string[] bad = ["", "plain", collection, collection + "/", $"{collection}/Upper", $"{collection}/-x", $"{collection}/x-", $"{collection}/" + new string('a', 41), $"{collection}/a/b", $"{collection}/ä", $"{collection}/a\n", $"other/{collection}"];
        foreach (var name in bad)
        {
            Invalid($"{field} is '{Shown(name)}'", "NAME_INVALID", field, r => set(r, name));
        }

        return this;
    }

    /// <summary>Every bad form of an id.</summary>
    public BadMessages<TRequest> BadIds(string field, Action<TRequest, string> set)
    {
        foreach (var id in (string[])["", "Upper", "-x", "x-", new string('a', 41), "a/b", "a b", "a\0"])
        {
            Invalid($"{field} is '{Shown(id)}'", "ID_INVALID", field, r => set(r, id));
        }

        return this;
    }

    /// <summary>Every bad form of a request id.</summary>
    public BadMessages<TRequest> BadRequestIds(Action<TRequest, string> set)
    {
        foreach (var id in (string[])["", "short-7", new string('a', 65), "with space", "umlaut-ä-x", "new\nline-x", "under_score"])
        {
            Invalid($"request_id is '{Shown(id)}'", "REQUEST_ID_INVALID", "request_id", r => set(r, id));
        }

        return this;
    }

    /// <summary>Too long, too short where empty is not permitted, and control characters.</summary>
    public BadMessages<TRequest> BadTexts(string field, int lengthMax, bool required, Action<TRequest, string> set)
    {
        if (required)
        {
            Invalid($"{field} is empty", "TEXT_INVALID", field, r => set(r, ""));
        }

        foreach (var (what, text) in new[] { ("too long", new string('q', lengthMax + 1)), ("with NUL", "planted\0planted"), ("with ESC", "planted\u001b[31m"), ("with C1", "planted\u0085planted") })
        {
            Invalid($"{field} is {what}", "TEXT_INVALID", field, r => set(r, text));
        }

        return this;
    }

    /// <summary>Missing, in the future, impossible.</summary>
    public BadMessages<TRequest> BadTimes(Action<TRequest, Google.Protobuf.WellKnownTypes.Timestamp?> set)
    {
        Invalid("occurred_at is missing", "TIME_MISSING", "occurred_at", r => set(r, null));
        Invalid("occurred_at has nanos of a second and more", "TIME_MISSING", "occurred_at", r => set(r, new() { Seconds = 1, Nanos = 1_000_000_000 }));
        Invalid("occurred_at lies beyond year 9999", "TIME_MISSING", "occurred_at", r => set(r, new() { Seconds = long.MaxValue }));
        Invalid("occurred_at lies before year 1", "TIME_MISSING", "occurred_at", r => set(r, new() { Seconds = long.MinValue }));
        Invalid("occurred_at lies 3 s ahead", "OCCURRED_IN_FUTURE", "occurred_at", r => set(r, new() { Seconds = Hosting.ServerProcess.ClockStart.ToUnixTimeSeconds() + 3 }));
        Invalid("occurred_at lies before 1900", "OCCURRED_TOO_EARLY", "occurred_at", r => set(r, new() { Seconds = -2_300_000_000 }));
        return this;
    }

    /// <summary>Unspecified and unknown.</summary>
    public BadMessages<TRequest> BadEnums(string field, Action<TRequest, int> set)
    {
        foreach (var value in (int[])[0, 99, -1, int.MaxValue])
        {
            Invalid($"{field} is {value}", "VALUE_MISSING", field, r => set(r, value));
        }

        return this;
    }

    /// <summary>NaN and both infinities.</summary>
    public BadMessages<TRequest> NotFinite(string field, Action<TRequest, double> set)
    {
        foreach (var value in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            Invalid($"{field} is {value}", "NUMBER_INVALID", field, r => set(r, value));
        }

        return this;
    }

    /// <summary>A patient that is not there.</summary>
    public BadMessages<TRequest> UnknownPatient(Action<TRequest, string> set) =>
        Row("patient is unknown", StatusCode.NotFound, "PATIENT_NOT_FOUND", "patient", (r, _) => set(r, "patients/nobody"));

    /// <summary>Negative size; tokens that are forged, of another list, or cut.</summary>
    public BadMessages<TRequest> BadPages(Action<TRequest, int> setSize, Action<TRequest, string> setToken)
    {
        foreach (var size in (int[])[-1, int.MinValue])
        {
            Invalid($"page_size is {size}", "PAGE_SIZE_INVALID", "page_size", r => setSize(r, size));
        }

        foreach (var token in (string[])["x", "not base64 !", new string('A', 60), new string('A', 5000), "CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK"])
        {
            Invalid($"page_token is '{Shown(token)}'", "PAGE_TOKEN_INVALID", "page_token", r => setToken(r, token));
        }

        Row("page_token is another list's", StatusCode.InvalidArgument, "PAGE_TOKEN_INVALID", "page_token", (r, c) => setToken(r, c.TokenOfProtocols));
        Row("page_token is a feed's cursor", StatusCode.InvalidArgument, "PAGE_TOKEN_INVALID", "page_token", (r, c) => setToken(r, c.HarbourCursor));
        return this;
    }

    private static string Shown(string text) => text.Length > 24 ? $"{text[..12]}… of {text.Length}" : text.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\0", "\\0", StringComparison.Ordinal);
}
