using ClinicNetwork.Domain.Approvals;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Approvals;
using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Approvals;

/// <summary>What persons and silos do, and what is looked at.</summary>
public sealed partial class ApprovalTests
{
    private static Propose Erase(string approval, int hours = 0, ErasureGround ground = ErasureGround.PersonsRight) => new(new(approval), ApprovalKind.Erasure, "patients/anna", "asked for in writing", hours, ground);

    private void Interrupt(string at)
    {
        var killed = new OutcomeUnknownException("killed");
        var (journal, before) = (_network.Journal, at.StartsWith("before", StringComparison.Ordinal));
        var stream = at.EndsWith("erasure", StringComparison.Ordinal) ? "pt-anna" : Stream;
        void Fail()
        {
            if (before)
            {
                journal.FailBeforeNext(stream, killed);
            }
            else
            {
                journal.FailAfterNext(stream, killed);
            }
        }

        if (at.EndsWith("record of it", StringComparison.Ordinal))
        {
            journal.AfterNext("pt-anna", _ =>
            {
                Fail();
                return Task.CompletedTask;
            });
        }
        else
        {
            Fail();
        }
    }

    private Task<Reply<ApprovalAnswer>> ProposeAsync(string name, ClinicId? site = null, string approval = "erase-1", int hours = 0, CommandOrigin? origin = null, ErasureGround ground = ErasureGround.PersonsRight)
    {
        Seal.Enter(Administrator(name, site));
        return Cluster.Approval(approval).Propose(Erase(approval, hours, ground), origin ?? OriginOf(name, site));
    }

    private Task<Reply<ApprovalAnswer>> ProposeKeyAsync(string name, string clinic, ClinicId? site = null, string approval = "close-north")
    {
        Seal.Enter(Administrator(name, site));
        return Cluster.Approval(approval).Propose(new(new(approval), ApprovalKind.KeyDestruction, "clinics/" + clinic, "left the network", 0), OriginOf(name, site));
    }

    private Task<Reply<Accepted>> ApproveAsync(
        string name, string approval = "erase-1", ClinicId? site = null, string? connection = null, long version = 1, CommandOrigin? origin = null)
    {
        Seal.Enter(Administrator(name, site, connection));
        return Cluster.Approval(approval).Approve(new(version), origin ?? OriginOf(name, site));
    }

    private Task<Reply<Accepted>> RejectAsync(string name, ClinicId? site = null, string approval = "erase-1")
    {
        Seal.Enter(Administrator(name, site));
        return Cluster.Approval(approval).Reject(new("not wanted"), OriginOf(name, site));
    }

    private async Task<ApprovalState> ReadAsync(string approval = "erase-1", ClinicId? site = null)
    {
        Seal.Enter(Administrator("reader", site));
        var reading = await Cluster.Approval(approval).Read(new(false, 0, site));
        Assert.Null(reading.Refusal);
        return reading.State!;
    }

    private Task<Reading<PatientState>> PatientAsync()
    {
        Seal.Enter(CallerSeal.System);
        return Cluster.Patient("anna").Read(Replies.Confirmed);
    }

    private async Task<IEnumerable<string>> OpenAsync(ClinicId? site) =>
        (await _network.Store.Projections.ReadWorklistAsync(ApprovalProjections.ListOf(site), _network.Clock.Now, null, 10, default)).Select(row => row.Stream);

    private Task<IReadOnlyList<JournalRow>> RowsAsync() => _network.Store.Journal.ReadAsync(Stream, 0, 10, default);

    /// <summary>Version 4 of the patient is its erasure and the last; the approval says executed; nothing is due.</summary>
    private async Task AssertDoneOnceAsync()
    {
        (await PatientAsync()).RefusedAs("PATIENT_ERASED", RefusalKind.NotFound);
        Assert.Equal((4L, 3L), (await _network.Store.Journal.ReadHeadAsync("pt-anna", default), await _network.Store.Journal.ReadHeadAsync(Stream, default)));
        Assert.Equal(ApprovalStatus.Executed, (await ReadAsync()).Status);
        Assert.Empty(await _network.Store.Projections.ReadDueAsync(DateTimeOffset.MaxValue, 1, TimeSpan.Zero, default));
    }
}
