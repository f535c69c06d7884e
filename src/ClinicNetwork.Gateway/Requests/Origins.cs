using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Grains;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Requests;

/// <summary>Who asks, from which site, with which id: taken from the connection and the message, in one place.</summary>
internal static class Origins
{
    /// <summary>Metadata entry that names the acting site.</summary>
    public const string SiteEntry = "clinicnetwork-site";

    private const int RequestIdLengthMin = 8;
    private const int RequestIdLengthMax = 64;

    public static CommandOrigin Of(IMessage request, string requestId, ServerCallContext context) =>
        Of(request, requestId, context.Method, ActingOf(context));

    /// <param name="method">The unary rpc whose command it is, <c>/service/rpc</c>: part of what the same request id must come with.</param>
    public static CommandOrigin Of(IMessage request, string requestId, string method, Acting acting) =>
        new(CheckRequestId(requestId), Hash(method, request), acting.Caller.Name, acting.Site);

    /// <summary>8 to 64 of A-Z, a-z, 0-9 and dash.</summary>
    public static bool IsRequestId(string id) =>
        id.Length is >= RequestIdLengthMin and <= RequestIdLengthMax && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    public static Acting ActingOf(ServerCallContext context) => new(Caller.Of(context), SiteOf(context));

    /// <summary>The clinic that acts; null: the network.</summary>
    public static ClinicId? SiteOf(ServerCallContext context)
    {
        var site = context.RequestHeaders.GetValue(SiteEntry);
        return string.IsNullOrEmpty(site) ? null : Fields.Clinic(site, SiteEntry);
    }

    public static ReadRequest ReadOf(ReadOptions? read, ServerCallContext context) =>
        read is { MinVersion: < 0 }
            ? throw Fields.Invalid("VERSION_INVALID", "read.min_version", "Give 0 or more.")
            : new(read?.Confirmed ?? false, read?.MinVersion ?? 0, SiteOf(context));

    /// <summary>A site looks at its own lists only; the network at all.</summary>
    public static void RefuseOtherSite(string clinic, string field, ServerCallContext context)
    {
        if (SiteOf(context) is { } acting && acting != Fields.Clinic(clinic, field))
        {
            throw new RefusedException(Refusal.Denied("SITE_NOT_YOURS", field, "A site sees its own feed, roster and worklist only."));
        }
    }

    private static string CheckRequestId(string id) =>
        IsRequestId(id)
            ? id
            : throw Fields.Invalid("REQUEST_ID_INVALID", "request_id", $"Give {RequestIdLengthMin} to {RequestIdLengthMax} of A-Z, a-z, 0-9 and dash, chosen before the first attempt.");

    /// <summary>SHA-256 over rpc and message as this server encodes it, so that a retry of any client hashes the same.</summary>
    private static byte[] Hash(string method, IMessage request) => SHA256.HashData([.. Encoding.UTF8.GetBytes(method), 0, .. request.ToByteArray()]);
}

/// <summary>Who acts, and for which site; null: for the network.</summary>
internal readonly record struct Acting(Caller Caller, ClinicId? Site);
