using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Tests.Support;

/// <summary>Well-formed parts of commands; a test changes the one thing it is about.</summary>
internal static class Given
{
    public static readonly ClinicId Home = new("north");
    public static readonly ClinicId Other = new("south");
    public static readonly BloodPressure Calm = new(120, 80);
    public static readonly ProtocolId Ketamine = ProtocolCatalogue.KetamineIvInduction.Id;
    public static readonly ProtocolId Esketamine = ProtocolCatalogue.EsketamineNasalInduction.Id;

    public static readonly Goal Goal = new("Back to work part-time", 4, new DateOnly(2025, 9, 1));

    public static readonly Consultation Consultation = new(
        "F33.2", "Two earlier episodes.", [new EarlierTreatment("sertraline", true, TreatmentResponse.None)], ["Raised blood pressure"], true, []);

    public static EnrolPatient Enrolment(string zone, DateTimeOffset at) =>
        new(new PatientId("p-1"), Home, zone, "Ada", "Okafor", new DateOnly(1980, 5, 17), Sex.Female, "R-1", at);

    /// <summary>Nine items with this total, 0 to 27, filled from the first: item 9 is 0 up to 24.</summary>
    public static ImmutableArray<int> Items(int total) => [.. Enumerable.Range(0, 9).Select(i => Math.Clamp(total - 3 * i, 0, 3))];
}
