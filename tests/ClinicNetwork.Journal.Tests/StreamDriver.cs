using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Journal.Tests;

/// <summary>Appends to one stream as a grain would: knows its head and adopts a new one only after the commit.</summary>
internal sealed class StreamDriver(IJournal journal, string stream)
{
    private int _requests;

    public string Stream { get; } = stream;

    public long Version { get; private set; }

    public byte[] Head { get; private set; } = [];

    /// <summary>The next command; each call makes another request id.</summary>
    public Append Next(params IReadOnlyList<Projection> projections) => Next(new Noted("note", []), projections);

    public Append Next(IEvent one, params IReadOnlyList<Projection> projections) =>
        new(Stream, Version + 1, Head, Origin($"{Stream}-request-{++_requests}", "payload"), "Note", [one], new Receipt($"receipt {_requests}"), projections);

    public static CommandOrigin Origin(string requestId, string payload) =>
        new(requestId, SHA256.HashData(Encoding.UTF8.GetBytes(payload)), "tester", new ClinicId("north"));

    public async Task<AppendOutcome> AppendAsync(Append append)
    {
        var outcome = await journal.AppendAsync(append, CancellationToken.None);
        if (outcome is AppendOutcome.Appended appended)
        {
            (Version, Head) = (append.Version, appended.RowHash);
        }

        return outcome;
    }

    /// <summary>Appends and expects success.</summary>
    public async Task<AppendOutcome.Appended> AcceptAsync(params IReadOnlyList<Projection> projections) =>
        Assert.IsType<AppendOutcome.Appended>(await AppendAsync(Next(projections)));

    public async Task<AppendOutcome.Appended> AcceptAsync(IEvent one, params IReadOnlyList<Projection> projections) =>
        Assert.IsType<AppendOutcome.Appended>(await AppendAsync(Next(one, projections)));
}
