using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Patients;

/// <summary>Another record that looks like this patient's.</summary>
public sealed partial class PatientGrain
{
    private static readonly Refusal StoreAway = Refusal.Unavailable("NOT_EXECUTED", "The database does not answer; nothing was done. Try again with the same request id.");

    public async Task<Reply<Accepted>> DismissDouble(DismissDouble command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var (found, away) = await FindDoubleAsync(command.Double, cancellationToken);
        var complete = command with { Site = origin.Site, Actor = origin.Actor, IsFlagged = found is not null, IsDismissed = found?.Dismissal is not null };
        return away is not null
            ? Reply<Accepted>.Refused(away)
            : await Write(complete, origin, (state, c, now) => state.IsOfHome(origin.Site) ? Domain.Patients.DismissDouble.Decide(state, c, now) : HomeOnly, cancellationToken);
    }

    public async Task<Reply<Accepted>> ReopenDouble(ReopenDouble command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var (found, away) = await FindDoubleAsync(command.Double, cancellationToken);
        var complete = command with { Site = origin.Site, Actor = origin.Actor, IsFlagged = found is not null };
        return away is not null
            ? Reply<Accepted>.Refused(away)
            : await Write(complete, origin, (state, c, now) => state.IsOfHome(origin.Site) ? Domain.Patients.ReopenDouble.Decide(state, c, now) : HomeOnly, cancellationToken);
    }

    /// <summary>The pair, when this patient is one of the two.</summary>
    private async Task<(DoubleRow? Found, Refusal? Away)> FindDoubleAsync(DoubleId name, CancellationToken cancellationToken)
    {
        try
        {
            return (await doubles.FindAsync(name.Value, cancellationToken) is { } found && (found.One.Stream == Stream || found.Other.Stream == Stream) ? found : null, null);
        }
        catch (StoreUnavailableException)
        {
            return (null, StoreAway);
        }
    }

    public async Task<Reading<DismissedDoubles>> ReadDismissedDoubles(ReadRequest request, CancellationToken cancellationToken)
    {
        var reading = await Read(request with { Confirmed = true }, cancellationToken);
        return reading.State is { } state && state.IsOfHome(request.Site)
            ? new(new(state.DismissedDoubles), reading.Version, true, null)
            : Reading<DismissedDoubles>.Refused(reading.Refusal ?? NotFound);
    }
}
