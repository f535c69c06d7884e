using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Grains.Patients;

/// <summary>Who may dose while cut off, and what was started meanwhile.</summary>
public sealed partial class PatientGrain
{
    private static readonly Refusal DosingNotShared = Refusal.Denied(
        "SECTION_NOT_SHARED", "patient", "Who may dose is told to sites that may read medication or sessions; the home clinic can share them.");

    public async Task<Reply<ReportAnswer>> ReportSession(ReportSession command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var session = await CompleteAsync(command.Session, origin, cancellationToken);
        return session.Refusal is { } refusal
            ? Reply<ReportAnswer>.Refused(refusal)
            : await Write(command with { Session = session.Command! }, origin, Domain.Patients.ReportSession.Decide, cancellationToken);
    }

    public Task<Reply<DosingAnswer>> TakeDosing(TakeDosing command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command with { Site = origin.Site, Actor = origin.Actor }, origin, Domain.Patients.TakeDosing.Decide, cancellationToken);

    public Task<Reply<DosingAnswer>> PassDosing(PassDosing command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command with { Site = origin.Site, Actor = origin.Actor }, origin, Domain.Patients.PassDosing.Decide, cancellationToken);

    public Task<Reply<Accepted>> EndDosing(EndDosing command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command with { Site = origin.Site, Actor = origin.Actor }, origin, Domain.Patients.EndDosing.Decide, cancellationToken);

    public async Task<Reading<PatientDosing>> ReadDosing(ReadRequest request, CancellationToken cancellationToken)
    {
        var reading = await Read(request with { Confirmed = true }, cancellationToken);
        return reading.State is not { } state ? Reading<PatientDosing>.Refused(reading.Refusal!)
            : (reading.Readable & DosingRight.Sections) == PlanSections.None && !reading.InEmergency ? Reading<PatientDosing>.Refused(DosingNotShared)
            : new(new(state.DosingAt(Services.Clock.Now)), reading.Version, true, null, reading.InEmergency);
    }

    /// <summary>With what the network knows of clinic and caller.</summary>
    private async Task<(StartSession? Command, Refusal? Refusal)> CompleteAsync(StartSession command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var clinic = await ReadClinicAsync(command.Clinic, confirmed: false, cancellationToken);
        return clinic.Refusal is { } refusal
            ? (null, AtField(refusal, "clinic"))
            : (command with
            {
                ClinicCertified = clinic.State!.IsCertified(command.OccurredAt),
                Actor = origin.Actor,
                ActorRoles = seal.Current?.Roles ?? Roles.None,
                Unconfirmed = false,
                Site = origin.Site,
            }, null);
    }
}
