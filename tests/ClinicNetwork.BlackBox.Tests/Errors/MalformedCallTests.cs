using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>What is wrong below the fields: size and metadata.</summary>
public sealed class MalformedCallTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private readonly Network _network = fixture.Network;

    [Fact]
    public async Task An_oversized_message_is_RESOURCE_EXHAUSTED_and_changes_nothing()
    {
        var patient = await _network.TreatAsync("patients/large-1");
        var request = Valid.Consultation(patient);
        request.Consultation.PsychiatricHistory = new string('x', 300 * 1024);
        var seen = await RefusalSeen.OfAsync(async () => await _network.Patients.RecordConsultationAsync(request));
        Assert.Equal(StatusCode.ResourceExhausted, seen.Code);
        Assert.Equal(3, (await _network.HistoryAsync(patient)).Count);
    }

    [Fact]
    public async Task The_largest_documented_consultation_is_accepted()
    {
        var patient = await _network.TreatAsync("patients/large-2");
        var request = Valid.Consultation(patient);
        var consultation = request.Consultation;
        consultation.PsychiatricHistory = new string('ä', 4000);
        consultation.EarlierTreatments.Clear();
        consultation.EarlierTreatments.Add(Enumerable.Range(0, 50).Select(_ => new Protocol.Care.V1.EarlierTreatment { Treatment = new string('ü', 120), Response = Protocol.Care.V1.TreatmentResponse.None }));
        consultation.RisksDiscussed.Clear();
        consultation.RisksDiscussed.Add(Enumerable.Repeat(new string('ß', 200), 50));
        consultation.Contraindications.Add(Enumerable.Repeat(new string('ö', 200), 20));
        Assert.Equal(4, (await _network.Patients.RecordConsultationAsync(request)).Receipt.Version);
        var read = await _network.Patients.GetPatientAsync(new() { Name = patient, Read = new() { Confirmed = true } });
        (consultation.Number, consultation.OccurredAt, consultation.RecordedBy) = (2, request.OccurredAt, read.Patient.Consultation.RecordedBy);
        Assert.Equal(consultation, read.Patient.Consultation);
    }

    [Fact]
    public async Task A_compressed_bomb_is_refused_by_its_true_size()
    {
        var request = Valid.Consultation("patients/bomb");
        request.Consultation.PsychiatricHistory = new string('x', 64 * 1024 * 1024);
        using var channel = fixture.Server.Open();
        var headers = new Metadata { { "grpc-internal-encoding-request", "gzip" } };
        var client = new Protocol.Care.V1.PatientService.PatientServiceClient(channel);
        var seen = await RefusalSeen.OfAsync(async () => await client.RecordConsultationAsync(request, headers, Bounded.Deadline));
        Assert.Equal(StatusCode.ResourceExhausted, seen.Code);
    }

    [Theory]
    [InlineData("harbour")]
    [InlineData("clinics/")]
    [InlineData("clinics/Harbour")]
    [InlineData("patients/harbour")]
    public async Task An_acting_site_that_is_no_clinics_name_is_refused(string site)
    {
        var seen = await RefusalSeen.OfAsync(async () => await _network.As(site).Patients.GetPatientAsync(new() { Name = "patients/any" }));
        Assert.Equal((StatusCode.InvalidArgument, "NAME_INVALID", CallDefaults.SiteEntry), (seen.Code, seen.Reason, seen.Field));
    }

    [Fact]
    public async Task Unknown_fields_are_no_error()
    {
        using var channel = fixture.Server.Open();
        var answer = await RawCalls.UnaryAsync(channel, "clinicnetwork.care.v1.ClinicService", "GetClinic", [.. new Protocol.Care.V1.GetClinicRequest { Name = Network.Hill }.ToByteArray(), 0xF8, 0x07, 0x01]);
        Assert.Equal(Network.Hill, Protocol.Care.V1.GetClinicResponse.Parser.ParseFrom(answer).Clinic.Name);
    }
}
