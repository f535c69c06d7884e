using ClinicNetwork.Client.Tests.Fakes;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests;

public sealed class ErrorTests
{
    [Fact]
    public void Reason_field_and_message_come_from_the_details()
    {
        var error = ClinicNetworkException.From(
            Errors.Make(StatusCode.InvalidArgument, "DOSE_OUT_OF_RANGE", "dose_mg_per_kg", message: "give 0.1 to 1.0"));

        Assert.Equal(
            (StatusCode.InvalidArgument, "DOSE_OUT_OF_RANGE", "dose_mg_per_kg", "give 0.1 to 1.0"), (
                error.Code, error.Reason, error.Field, error.Message));
    }

    [Fact]
    public void Without_details_the_code_is_the_reason() =>
        Assert.Equal(
            "FAILED_PRECONDITION", ClinicNetworkException.From(new RpcException(new Status(StatusCode.FailedPrecondition, "no"))).Reason);

    [Fact]
    public void A_server_that_is_away_is_named_so() =>
        Assert.Equal(
            Reasons.ServerAway, ClinicNetworkException.From(
                new RpcException(new Status(StatusCode.Unavailable, "Error connecting to subchannel."))).Reason);

    [Theory]
    [InlineData(HttpRequestError.ConnectionError, "start it")]
    [InlineData(HttpRequestError.NameResolutionError, "start it")]
    [InlineData(HttpRequestError.ResponseEnded, "revoked")]
    [InlineData(HttpRequestError.HttpProtocolError, "revoked")]
    [InlineData(HttpRequestError.Unknown, "revoked")]
    public void A_connection_that_is_closed_without_an_answer_is_told_apart_from_nobody_there(HttpRequestError kind, string told)
    {
        foreach (var code in (StatusCode[])[StatusCode.Unavailable, StatusCode.Internal])
        {
            var error = ClinicNetworkException.From(new RpcException(new Status(code, "Error starting gRPC call.", new HttpRequestException(kind))));
            Assert.Equal((StatusCode.Unavailable, Reasons.ServerAway), (error.Code, error.Reason));
            Assert.Contains(told, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Theory]
    [InlineData("TotalTimeout")]
    [InlineData("RetriesMax")]
    [InlineData("BreakFailureRatio")]
    [InlineData("MessageBytesMax")]
    public void An_option_outside_its_range_is_refused_by_name(string name)
    {
        var options = name switch
        {
            "TotalTimeout" => new ClinicNetworkClientOptions { TotalTimeout = TimeSpan.Zero },
            "RetriesMax" => new ClinicNetworkClientOptions { RetriesMax = 21 },
            "BreakFailureRatio" => new ClinicNetworkClientOptions { BreakFailureRatio = 0 },
            _ => new ClinicNetworkClientOptions { MessageBytesMax = 1 },
        };

        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => new ClinicNetworkClient(new FakeServer(), options)).ParamName);
    }

    [Fact]
    public void Request_ids_keep_the_contract()
    {
        Assert.Matches("^[A-Za-z0-9-]{8,64}$", RequestIds.New());
        Assert.NotEqual(RequestIds.New(), RequestIds.New());
        Assert.Matches("^[A-Za-z0-9-]{8,64}$", RequestIds.From("a", "b"));
        Assert.Equal(RequestIds.From("a", "b"), RequestIds.From("a", "b"));
        Assert.NotEqual(RequestIds.From("ab", ""), RequestIds.From("a", "b"));
    }
}
