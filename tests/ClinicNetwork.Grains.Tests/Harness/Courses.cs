using ClinicNetwork.Grains.Patients;

namespace ClinicNetwork.Grains.Tests.Harness;

/// <summary>Stretches of a treatment, command by command.</summary>
internal static class Courses
{
    /// <summary>Enrolled: version 1.</summary>
    public static async Task<IPatientGrain> EnrolledAsync(this ClusterUnderTest cluster, string patient)
    {
        var grain = cluster.Patient(patient);
        (await grain.Enrol(Commands.Enrol(patient), Origins.Next())).AcceptedAs(1);
        return grain;
    }

    /// <summary>Enrolled, seen and planned: version 3.</summary>
    public static async Task<IPatientGrain> PlannedAsync(this ClusterUnderTest cluster, string patient)
    {
        var grain = await cluster.EnrolledAsync(patient);
        (await grain.RecordConsultation(Commands.Consult(), Origins.Next())).AcceptedAs(2);
        (await grain.CreatePlan(Commands.CreatePlan(), Origins.Next())).AcceptedAs(3);
        return grain;
    }

    /// <summary>Planned, with a session that is open on day 0: version 4.</summary>
    public static async Task<IPatientGrain> InSessionAsync(this ClusterUnderTest cluster, string patient)
    {
        var grain = await cluster.PlannedAsync(patient);
        (await grain.StartSession(Commands.StartSession("s0", 0), Origins.Next())).AcceptedAs(4);
        return grain;
    }

    /// <summary>Planned, with one dose on day 0 and the session complete: version 6.</summary>
    public static async Task<IPatientGrain> DosedAsync(this ClusterUnderTest cluster, string patient)
    {
        var grain = await cluster.PlannedAsync(patient);
        await grain.TreatAsync(0);
        return grain;
    }

    /// <summary>A session with dose on each of these days: three versions a day.</summary>
    public static async Task TreatAsync(this IPatientGrain patient, params int[] days)
    {
        foreach (var day in days)
        {
            var session = "s" + day;
            Assert.Null((await patient.StartSession(Commands.StartSession(session, day), Origins.Next())).Refusal);
            Assert.Null((await patient.RecordDose(Commands.RecordDose(session, day), Origins.Next())).Refusal);
            Assert.Null((await patient.CompleteSession(Commands.CompleteSession(session, day), Origins.Next())).Refusal);
        }
    }
}
