using System.Security.Cryptography;
using System.Text.Json;
using ClinicNetwork.Client.Pull;
using ClinicNetwork.Protocol.Exchange.V1;
using Grpc.Core;

namespace ClinicNetwork.Client;

/// <summary>Reads the signed tables of a publication (docs/release-format.md).</summary>
public static class ReleaseStatistics
{
    /// <param name="profile"><c>profiles/{profile}</c>.</param>
    /// <param name="table"><c>outcomes</c> or <c>durability-of-response</c>.</param>
    /// <param name="publication">0: the newest.</param>
    /// <param name="trustedKey">File with the release key that a pull kept (<c>network-key.pem</c>); null: the key that the network gives now.</param>
    /// <exception cref="ClinicNetworkException">Refused, not signed by the key, or another table than was asked for.</exception>
    public static async Task<GetStatisticsResponse> ReadAsync(
        ClinicNetworkClient client, string profile, string table, int publication = 0, string? trustedKey = null, CancellationToken cancellationToken = default)
    {
        var pem = trustedKey is null
            ? (await client.Releases.GetReleaseKeyAsync(new(), cancellationToken: cancellationToken).ConfigureAwait(false)).PublicKeyPem
            : await File.ReadAllTextAsync(trustedKey, cancellationToken).ConfigureAwait(false);
        using var key = ReleaseFolder.ImportKey(pem);
        var answer = await client.Releases.GetStatisticsAsync(
            new() { Name = profile, Table = table, Publication = publication }, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (!key.VerifyData(answer.Document.Span, answer.Signature.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
            throw Untrusted("the table is not signed by the release key; tell the network's operator");
        return IsAsked(answer, profile, table, publication) ? answer
            : throw Untrusted("the table is of another profile or publication, or another table, than was asked for; tell the network's operator");
    }

    /// <summary>The signature tells who made a document, not that it answers this call.</summary>
    private static bool IsAsked(GetStatisticsResponse answer, string profile, string table, int publication)
    {
        try
        {
            using var document = JsonDocument.Parse(answer.Document.Memory);
            var told = document.RootElement;
            return $"profiles/{told.GetProperty("profile").GetString()}" == profile
                && told.GetProperty("table").GetString() == table
                && told.GetProperty("publication").GetInt32() == answer.Publication
                && (publication == 0 || answer.Publication == publication);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return false;
        }
    }

    private static ClinicNetworkException Untrusted(string message) => new(StatusCode.DataLoss, Reasons.Statistics, message);
}
