using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Patients;

/// <summary>Another record that looks like this patient's.</summary>
public sealed partial class PatientGrain
{
    public async Task<Reply<Accepted>> DismissDouble(DismissDouble command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        DoubleRow? found;
        try
        {
            found = await doubles.FindAsync(command.Double.Value, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return Reply<Accepted>.Refused(Refusal.Unavailable("NOT_EXECUTED", "The database does not answer; nothing was done. Try again with the same request id."));
        }

        var complete = command with
        {
            Site = origin.Site,
            Actor = origin.Actor,
            IsFlagged = found is not null && (found.One.Stream == Stream || found.Other.Stream == Stream),
            IsDismissed = found?.Dismissal is not null,
        };
        return await Write(complete, origin, (state, c, now) => state.IsOfHome(origin.Site) ? Domain.Patients.DismissDouble.Decide(state, c, now) : HomeOnly, cancellationToken);
    }

    public async Task<Reading<DismissedDoubles>> ReadDismissedDoubles(ReadRequest request, CancellationToken cancellationToken)
    {
        var reading = await Read(request with { Confirmed = true }, cancellationToken);
        return reading.State is { } state && state.IsOfHome(request.Site)
            ? new(new(state.DismissedDoubles), reading.Version, true, null)
            : Reading<DismissedDoubles>.Refused(reading.Refusal ?? NotFound);
    }
}
