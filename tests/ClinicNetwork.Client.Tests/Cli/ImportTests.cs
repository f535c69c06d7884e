using ClinicNetwork.Cli.Import;
using ClinicNetwork.Client.Tests.Fakes;
using ClinicNetwork.Protocol.Admin.V1;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests.Cli;

public sealed class ImportTests : IDisposable
{
    private const string Content = """
        patient,given_name,family_name,birth_date,sex,record_number,enrolled_on
        p-1,Ada,Example,1980-05-17,female,R-1,2025-07-01
        p-2,Bo,Example,1981-05-17,male,R-2,2025-06-30

        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static FakeServer Server(string zone = "America/New_York", string storeTime = "2025-07-01T12:00:00Z", string? refuse = null) =>
        new()
    {
        Unary = (_, _, request, _) => request switch
        {
            GetClinicRequest => Task.FromResult<IMessage>(new GetClinicResponse { Clinic = new() { TimeZone = zone } }),
            GetStatusRequest =>
                Task.FromResult<IMessage>(
                    new GetStatusResponse { StoreTime = Timestamp.FromDateTimeOffset(
                        DateTimeOffset.Parse(storeTime, System.Globalization.CultureInfo.InvariantCulture)) }),
            EnrolPatientRequest enrol when enrol.Patient == refuse =>
                throw Errors.Make(StatusCode.AlreadyExists, "RECORD_NUMBER_TAKEN", "record_number"),
            EnrolPatientRequest => Task.FromResult<IMessage>(new EnrolPatientResponse { Receipt = new() { Version = 1 } }),
            _ => throw new RpcException(new Status(StatusCode.Unimplemented, "")),
        },
    };

    private static IEnumerable<EnrolPatientRequest> Sent(FakeServer server) =>
        server.Attempts.Where(attempt => attempt.Method == "EnrolPatient").Select(
            attempt => EnrolPatientRequest.Parser.ParseFrom(attempt.Message)).OrderBy(request => request.Patient);

    private async Task<(
        IReadOnlyList<RowProblem> Days, IReadOnlyList<RowProblem> Refused)> RunAsync(FakeServer server, string content = Content)
    {
        var import = new PatientImport(Clients.Of(server), "clinics/harbour", PatientCsv.Read(folder.File("patients.csv", content), ','));
        var days = await import.CheckDaysAsync(default);
        return days.Count > 0 ? (days, []) : (days, await import.SendAsync(new Progress<(long, long)>(), default));
    }

    [Fact]
    public async Task The_same_file_again_sends_the_same_messages()
    {
        var (first, second) = (Server(), Server());
        await RunAsync(first);
        await RunAsync(second);

        Assert.Equal(Sent(first), Sent(second));
        Assert.Equal(2, Sent(first).Select(request => request.RequestId).Distinct().Count());
        Assert.All(Sent(first), request => Assert.Matches("^[A-Za-z0-9-]{8,64}$", request.RequestId));
    }

    [Fact]
    public async Task A_request_id_depends_on_clinic_and_patient_id_and_on_no_persons_data()
    {
        var (first, second) = (Server(), Server());
        await RunAsync(first);
        await RunAsync(second, Content.Replace("Bo", "Bob", StringComparison.Ordinal));

        Assert.NotEqual(Sent(first), Sent(second));
        Assert.Equal(Sent(first).Select(r => r.RequestId), Sent(second).Select(r => r.RequestId));
    }

    [Fact]
    public async Task Enrolment_is_at_the_first_instant_of_the_day_in_the_clinics_time_zone()
    {
        var server = Server();
        await RunAsync(server);

        Assert.Equal(new DateTime(2025, 7, 1, 4, 0, 0, DateTimeKind.Utc), Sent(server).First().OccurredAt.ToDateTime());
    }

    [Fact]
    public async Task A_day_ahead_of_the_network_is_refused_before_anything_is_sent()
    {
        // In New York it is still the evening of 30 June.
        var server = Server(storeTime: "2025-07-01T03:00:00Z");

        var (days, _) = await RunAsync(server);

        Assert.Equal([(2L, "enrolled_on")], days.Select(problem => (problem.Line, problem.Field)));
        Assert.Empty(Sent(server));
    }

    [Fact]
    public async Task A_row_that_the_network_refuses_is_named_by_its_line()
    {
        var (_, refused) = await RunAsync(Server(refuse: "patients/p-2"));

        var problem = Assert.Single(refused);
        Assert.Equal((3L, "record_number"), (problem.Line, problem.Field));
        Assert.Contains("RECORD_NUMBER_TAKEN", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_bad_row_sends_nothing_and_ends_with_2()
    {
        var path = folder.File("bad.csv", Content.Replace(",male,", ",none,", StringComparison.Ordinal));

        var run = await CommandLineRun.OfAsync("import", "csv", path, "--clinic", "clinics/harbour", "--server", "http://127.0.0.1:1");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("line 3, sex", run.Line, StringComparison.Ordinal);
        Assert.Contains("nothing was sent", run.Line, StringComparison.Ordinal);
        Assert.DoesNotContain("Example", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_needs_no_network()
    {
        var run = await CommandLineRun.OfAsync(
            "import", "csv", folder.File(
                "good.csv", Content), "--clinic", "clinics/harbour", "--dry-run", "--server", "http://127.0.0.1:1");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("2 rows are good", run.Out, StringComparison.Ordinal);
    }
}
