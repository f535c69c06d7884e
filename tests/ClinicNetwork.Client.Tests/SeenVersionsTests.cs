using ClinicNetwork.Client.Tests.Fakes;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests;

public sealed class SeenVersionsTests
{
    private static FakeServer Server(long version) => new()
    {
        Unary = (_, method, _, _) => Task.FromResult<IMessage>(method switch
        {
            "EndTreatment" => new EndTreatmentResponse { Receipt = new() { Version = version } },
            "GetPatient" => new GetPatientResponse { Revision = new() { Version = version } },
            "GetPlan" => new GetPlanResponse { Revision = new() { Version = version } },
            "RegisterClinic" => new RegisterClinicResponse { Receipt = new() { Version = version } },
            _ => new GetClinicResponse { Revision = new() { Version = version } },
        }),
        Stream = (_, _) =>
            new[] { new WatchPlansResponse { Change = new() { Patient = "patients/p-1", Version = version, Cursor = "c" } },
                new WatchPlansResponse { Bookmark = new() { Cursor = "d" } } }
            .ToAsyncEnumerable(),
    };

    private static long AskedFor(FakeServer server) => GetPlanRequest.Parser.ParseFrom(server.Attempts[^1].Message).Read?.MinVersion ?? 0;

    [Fact]
    public async Task A_read_asks_for_what_a_receipt_told()
    {
        var server = Server(9);
        var client = Clients.Of(server);

        await client.Patients.EndTreatmentAsync(new() { Patient = "patients/p-1" });
        await client.Patients.GetPlanAsync(new() { Name = "patients/p-1/plan" });

        Assert.Equal(9, AskedFor(server));
    }

    [Fact]
    public async Task A_read_asks_for_what_the_feed_told_also_at_another_site()
    {
        var server = Server(12);
        var client = Clients.Of(server);

        await foreach (var _ in client.WatchPlansAsync("clinics/hillside", untilCaughtUp: true))
        {
        }
        await client.ActingFor("clinics/hillside").Patients.GetPlanAsync(new() { Name = "patients/p-1/plan" });

        Assert.Equal(12, AskedFor(server));
    }

    [Fact]
    public async Task A_higher_wish_of_the_caller_stays_and_other_patients_are_not_mixed_up()
    {
        var server = Server(5);
        var client = Clients.Of(server);
        await client.Patients.GetPatientAsync(new() { Name = "patients/p-1" });

        await client.Patients.GetPlanAsync(new() { Name = "patients/p-1/plan", Read = new() { MinVersion = 50, Confirmed = true } });
        Assert.Equal(50, AskedFor(server));

        await client.Patients.GetPlanAsync(new() { Name = "patients/p-2/plan" });
        Assert.Equal(0, AskedFor(server));
    }

    [Fact]
    public async Task A_clinic_is_remembered_by_its_name()
    {
        var server = Server(3);
        var client = Clients.Of(server);

        await client.Clinics.RegisterClinicAsync(new() { Clinic = new() { Name = "clinics/harbour" } });
        await client.Clinics.GetClinicAsync(new() { Name = "clinics/harbour" });

        Assert.Equal(3, GetClinicRequest.Parser.ParseFrom(server.Attempts[^1].Message).Read.MinVersion);
    }

    [Fact]
    public async Task A_version_that_a_restored_store_does_not_have_is_forgotten()
    {
        var server = Server(9);
        var client = Clients.Of(server);
        await client.Patients.EndTreatmentAsync(new() { Patient = "patients/p-1" });
        await client.Patients.EndTreatmentAsync(new() { Patient = "patients/p-2" });
        server.Unary = (_, _, request, _) => ((GetPlanRequest)request).Read?.MinVersion > 4
            ? throw Errors.Make(StatusCode.OutOfRange, "VERSION_UNKNOWN", "read.min_version")
            : Task.FromResult<IMessage>(new GetPlanResponse { Revision = new() { Version = 4 } });

        await Assert.ThrowsAsync<ClinicNetworkException>(() => client.Patients.GetPlanAsync(new() { Name = "patients/p-1/plan" }).ResponseAsync);
        await client.Patients.GetPlanAsync(new() { Name = "patients/p-1/plan" });
        Assert.Equal(0, AskedFor(server));

        await client.Patients.GetPlanAsync(new() { Name = "patients/p-1/plan" });
        Assert.Equal(4, AskedFor(server));
        Assert.Equal(9, client.Versions.Of("patients/p-2"));
    }

    [Fact]
    public async Task A_wish_of_the_caller_that_the_store_does_not_have_leaves_what_was_seen()
    {
        var server = Server(9);
        var client = Clients.Of(server);
        await client.Patients.EndTreatmentAsync(new() { Patient = "patients/p-1" });
        server.Unary = (_, _, _, _) => throw Errors.Make(StatusCode.OutOfRange, "VERSION_UNKNOWN", "read.min_version");

        await Assert.ThrowsAsync<ClinicNetworkException>(
            () => client.Patients.GetPlanAsync(new() { Name = "patients/p-1/plan", Read = new() { MinVersion = 50 } }).ResponseAsync);

        Assert.Equal(9, client.Versions.Of("patients/p-1"));
    }

    [Fact]
    public void The_memory_is_bounded_and_forgets_what_was_not_used_for_longest()
    {
        var seen = new SeenVersions(2);
        seen.Saw("patients/a", 1);
        seen.Saw("patients/b", 2);
        seen.Of("patients/a");
        seen.Saw("patients/c", 3);

        Assert.Equal(2, seen.Count);
        Assert.Equal((1, 0, 3), (seen.Of("patients/a"), seen.Of("patients/b"), seen.Of("patients/c")));
    }

    [Fact]
    public void A_lower_version_never_replaces_a_higher_one()
    {
        var seen = new SeenVersions(2);
        seen.Saw("patients/a", 5);
        seen.Saw("patients/a", 3);

        Assert.Equal(5, seen.Of("patients/a"));
    }
}
