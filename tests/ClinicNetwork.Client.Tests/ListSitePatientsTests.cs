using ClinicNetwork.Client.Tests.Fakes;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf;

namespace ClinicNetwork.Client.Tests;

public sealed class ListSitePatientsTests
{
    [Fact(Timeout = Patience.Ms)]
    public async Task All_pages_come_each_asked_for_by_the_one_before()
    {
        ListSitePatientsResponse[] pages =
        [
            new() { Patients = { new SitePatient { Patient = "patients/p-1", Version = 3 } }, NextPageToken = "t1", Cursor = "c" },
            new() { NextPageToken = "t2", Cursor = "c" },
            new() { Patients = { new SitePatient { Patient = "patients/p-2", Version = 7 } }, Cursor = "c" },
        ];
        var server = new FakeServer { Unary = (attempt, _, _, _) => Task.FromResult<IMessage>(pages[attempt]) };
        var read = new List<ListSitePatientsResponse>();
        await foreach (var page in Clients.Of(server).ListSitePatientsAsync("clinics/hillside", includePlans: true, pageSize: 2))
            read.Add(page);

        Assert.Equal(pages, read);
        var asked = server.Attempts.Select(attempt => ListSitePatientsRequest.Parser.ParseFrom(attempt.Message)).ToList();
        Assert.Equal(["", "t1", "t2"], asked.Select(request => request.PageToken));
        Assert.All(asked, request => Assert.Equal(("clinics/hillside", true, 2), (request.Site, request.IncludePlans, request.PageSize)));
    }
}
