using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Grains.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace ClinicNetwork.Grains.Tests.Identity;

/// <summary>A patient, past the gateway: its own grain, what its role is for, and what of it others are told.</summary>
public sealed class PatientCallerTests(UnsealedNetwork shared) : IClassFixture<UnsealedNetwork>
{
    private static readonly SealedCaller Nurse = new("nurse-1", Roles.Nurse, "north");

    private ClusterUnderTest Cluster => shared.Cluster;

    private CallerSeal Seal => Cluster.Services.GetRequiredService<CallerSeal>();

    private static SealedCaller Self(string patient) => new("phone", Roles.Patient, "") { Patient = patient };

    private static CommandOrigin Phone => Origins.Next() with { Actor = "phone" };

    [Fact]
    public async Task A_patient_reaches_its_own_grain_and_no_other_one()
    {
        await EnrolAsync("self-1", "self-2");
        Seal.Enter(Self("self-1"));
        Assert.Null((await Cluster.Patient("self-1").Read(Replies.Confirmed)).Refusal);
        Assert.Null((await Cluster.Patient("self-1").RecordScale(Commands.AnswerGad7("g-1", 0, 1, 1, 1, 1, 1, 1, 1), Phone)).Refusal);
        Assert.Null((await Cluster.Patient("self-1").WriteJournalEntry(Entry(false), Phone)).Refusal);
        await RefusedAsync(() => Cluster.Patient("self-2").Read(Replies.Confirmed));
        await RefusedAsync(() => Cluster.Patient("self-2").RecordScale(Commands.AnswerGad7("g-1", 0, 1, 1, 1, 1, 1, 1, 1), Phone));
        await RefusedAsync(() => Cluster.Patient("self-2").WriteJournalEntry(Entry(false), Phone));
        await RefusedAsync(() => Cluster.Patient("self-1").RecordAssessment(Commands.Assess("a-1", 1, 10), Phone));
        await RefusedAsync(() => Cluster.Patient("self-1").ReadHistory(Replies.Confirmed, 0, 10));
        await RefusedAsync(() => Cluster.Clinic("north").ReadRoster("", 10));
        await RefusedAsync(() => Cluster.Patient("self-1").WriteJournalEntry(Entry(false), Phone with { Actor = "admin" }));
        await RefusedAsync(() => Cluster.Patient("self-1").Read(new(true, 0, Commands.North)));
    }

    /// <summary>A seal that says a patient's role and no patient, or a nurse's role and a patient.</summary>
    [Fact]
    public async Task The_role_without_the_patient_and_a_patient_without_the_role_are_worth_nothing()
    {
        await EnrolAsync("self-3");
        Seal.Enter(new SealedCaller("phone", Roles.Patient, ""));
        await RefusedAsync(() => Cluster.Patient("self-3").Read(Replies.Confirmed));
        await RefusedAsync(() => Cluster.Patient("self-3").WriteJournalEntry(Entry(false), Phone));
        Seal.Enter(Self("self-3") with { Roles = Roles.Nurse });
        await RefusedAsync(() => Cluster.Patient("self-3").Read(Replies.Confirmed));
        await RefusedAsync(() => Cluster.Patient("self-3").RecordAssessment(Commands.Assess("a-1", 1, 10), Phone));
    }

    [Fact]
    public async Task Private_entries_are_told_to_the_patient_alone_and_who_answered_is_found_on_the_connection()
    {
        await EnrolAsync("self-4");
        Seal.Enter(Self("self-4"));
        await Cluster.Patient("self-4").WriteJournalEntry(Entry(true), Phone);
        await Cluster.Patient("self-4").WriteJournalEntry(Entry(false), Phone);
        await Cluster.Patient("self-4").RecordScale(Commands.AnswerGad7("home", 0, 1, 1, 1, 1, 1, 1, 1), Phone);
        await Cluster.DeactivateAsync(Cluster.Patient("self-4"));
        var own = (await Cluster.Patient("self-4").Read(Replies.Confirmed)).State!.Voice;
        Assert.Equal(["slept badly", "slept badly"], own.Journal.Select(e => e.Text));

        Seal.Enter(Nurse);
        // Whatever the caller writes into the command.
        await Cluster.Patient("self-4").RecordScale(Commands.AnswerGad7("clinic", 0, 1, 1, 1, 1, 1, 1, 1) with { AtHome = true }, Origins.Next(Commands.North) with { Actor = "nurse-1" });
        var told = (await Cluster.Patient("self-4").Read(new(true, 0, Commands.North))).State!.Voice;
        Assert.Equal([("", true), ("slept badly", false)], told.Journal.Select(e => (e.Text, e.Private)));
        Assert.Equal(["home"], told.HomeAnswers.Select(a => a.Assessment.Value));
        await RefusedAsync(() => Cluster.Patient("self-4").WriteJournalEntry(Entry(false), Origins.Next(Commands.North) with { Actor = "nurse-1" }));
    }

    [Fact]
    public async Task Item_9_at_home_is_one_row_with_its_alert()
    {
        await EnrolAsync("self-5");
        Seal.Enter(Self("self-5"));
        var answers = Phq9.Scale.Items.Take(Phq9.ItemCount).Select(i => new ItemAnswer(i.Key, 1));
        await Cluster.Patient("self-5").RecordScale(new(new("a1"), ScaleKind.Phq9, [.. answers], Commands.OnDay(0)), Phone);
        Seal.Enter(CallerSeal.System);
        Assert.Equal(["AssessmentRecorded", "AnsweredAtHome", "AlertRaised"], (await Cluster.Patient("self-5").ReadHistory(Replies.Confirmed, 1, 10)).State!.Entries.Single().Events);
    }

    [Fact]
    public void A_patients_seal_is_opened_as_such_and_acts_for_a_site_that_is_none_where_it_is_not_known()
    {
        var seal = new CallerSeal(new byte[32], new StandingClock());
        var token = seal.Enter(Self("p-1"), null);
        Assert.Equal(Self("p-1"), seal.Open(token.Text));
        Assert.Equal("patients/p-1", token.Text.Split('|')[3]);
    }

    private async Task EnrolAsync(params string[] patients)
    {
        Seal.Enter(CallerSeal.System);
        await Cluster.Clinic("north").Register(Commands.Register("north"), Origins.Next());
        foreach (var patient in patients)
        {
            Assert.Null((await Cluster.Patient(patient).Enrol(Commands.Enrol(patient), Origins.Next())).Refusal);
        }
    }

    private static WriteJournalEntry Entry(bool isPrivate) => new(null, "slept badly", 3, 4.5, ["sleep"], isPrivate, Commands.OnDay(0));

    private static async Task RefusedAsync(Func<Task> call) => await Assert.ThrowsAsync<UnauthorizedAccessException>(call);
}
