using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>One attempt that must be refused with this reason, field and class.</summary>
/// <param name="About">What is wrong, for the test's name.</param>
internal sealed record RefusalCase(string UseCase, string Reason, string Field, RefusalKind Kind, string About, Func<Attempt> Try)
{
    /// <summary>A command with something wrong in itself: INVALID_ARGUMENT.</summary>
    public static RefusalCase Invalid(string reason, string field, string about, Chart chart, object command, DateTimeOffset? now = null) =>
        new(command.GetType().Name, reason, field, RefusalKind.Invalid, about, () => chart.Try(command, now));

    /// <summary>A command that the patient's state does not permit: FAILED_PRECONDITION.</summary>
    public static RefusalCase Precondition(string reason, string field, string about, Chart chart, object command, DateTimeOffset? now = null) =>
        new(command.GetType().Name, reason, field, RefusalKind.Precondition, about, () => chart.Try(command, now));

    public static RefusalCase Exists(string reason, string field, string about, Chart chart, object command) =>
        new(command.GetType().Name, reason, field, RefusalKind.Exists, about, () => chart.Try(command));

    public static RefusalCase Stale(string reason, string field, string about, Chart chart, object command) =>
        new(command.GetType().Name, reason, field, RefusalKind.Stale, about, () => chart.Try(command));

    public static RefusalCase Denied(string reason, string field, string about, Chart chart, object command, DateTimeOffset? now = null) =>
        new(command.GetType().Name, reason, field, RefusalKind.Denied, about, () => chart.Try(command, now));

    public static RefusalCase Clinic(string reason, string field, RefusalKind kind, string about, ClinicState state, RegisterClinic command) =>
        new(nameof(RegisterClinic), reason, field, kind, about, () => UseCases.Decide(state, command, DateTimeOffset.UnixEpoch));

    public static RefusalCase Clinic(string reason, string field, RefusalKind kind, string about, ClinicState state, DestroyClinicKey command) =>
        new(nameof(DestroyClinicKey), reason, field, kind, about, () => UseCases.Decide(state, command, DateTimeOffset.UnixEpoch));

    public static RefusalCase Clinic(string reason, string field, RefusalKind kind, string about, ClinicState state, ConfigureClinic command) =>
        new(nameof(ConfigureClinic), reason, field, kind, about, () => UseCases.Decide(state, command, DateTimeOffset.UnixEpoch));

    /// <summary>The two refusals of every command that says when it happened.</summary>
    public static IEnumerable<RefusalCase> OfTime(Chart chart, Func<DateTimeOffset, object> command)
    {
        var now = chart.At(10);
        yield return Invalid("OCCURRED_IN_FUTURE", "occurred_at", "2 s and a tick ahead", chart, command(now.AddSeconds(2).AddTicks(1)), now);
        yield return Invalid("OCCURRED_TOO_EARLY", "occurred_at", "in the year 1899", chart, command(new DateTimeOffset(1899, 12, 31, 23, 59, 59, TimeSpan.Zero)), now);
    }

    public override string ToString() => $"{UseCase}: {Reason} ({About})";
}
