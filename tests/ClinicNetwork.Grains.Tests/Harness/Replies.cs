using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Patients;

namespace ClinicNetwork.Grains.Tests.Harness;

/// <summary>What is expected of answers.</summary>
internal static class Replies
{
    public static readonly ReadRequest Cached = new(false, 0, null);
    public static readonly ReadRequest Confirmed = new(true, 0, null);

    public static ReadRequest AtLeast(long version) => new(false, version, null);

    /// <summary>Accepted as this version.</summary>
    public static TAnswer AcceptedAs<TAnswer>(this Reply<TAnswer> reply, long version)
        where TAnswer : class
    {
        Assert.Null(reply.Refusal);
        Assert.Equal(version, reply.Version);
        return Assert.IsType<TAnswer>(reply.Answer);
    }

    public static Refusal RefusedAs<TAnswer>(this Reply<TAnswer> reply, string reason, RefusalKind kind)
        where TAnswer : class
    {
        Assert.Equal((reason, kind), (reply.Refusal?.Reason, reply.Refusal?.Kind));
        Assert.Null(reply.Answer);
        Assert.Equal(0, reply.Version);
        return reply.Refusal!;
    }

    public static void RefusedAs<TState>(this Reading<TState> reading, string reason, RefusalKind kind)
        where TState : class
    {
        Assert.Equal((reason, kind), (reading.Refusal?.Reason, reading.Refusal?.Kind));
        Assert.Null(reading.State);
    }

    /// <summary>The state and version that a confirmed read gives.</summary>
    public static async Task<(PatientState State, long Version)> StandsAtAsync(this IPatientGrain patient)
    {
        var reading = await patient.Read(Confirmed);
        Assert.Null(reading.Refusal);
        return (reading.State!, reading.Version);
    }

    /// <summary>The commands of a patient in order; checks that the versions are 1 to n and each request is there once.</summary>
    public static async Task<IReadOnlyList<string>> CommandsAsync(this IPatientGrain patient)
    {
        var history = await patient.ReadHistory(Confirmed, 0, 1_000);
        Assert.Null(history.Refusal);
        var entries = history.State!.Entries;
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(v => (long)v), entries.Select(e => e.Version));
        Assert.Distinct(entries.Select(e => e.RequestId));
        return [.. entries.Select(e => e.Command)];
    }
}
