using System.Globalization;
using System.Text;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Protocol.Audit.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace ClinicNetwork.Gateway.Audit;

/// <summary>audit.v1 AuditService: reads the tree; nothing here is trusted by whoever verifies it.</summary>
public sealed class AuditGatewayService(IAuditLog audit, MerkleProofs proofs, ReleaseSecrets secrets, SignedTokens tokens, IHostApplicationLifetime lifetime) : AuditService.AuditServiceBase
{
    private const int HeadsUsual = 200;
    private const int HeadsMax = 1_000;
    private const int AccessesUsual = 100;
    private const int AccessesMax = 500;
    private const int EntriesPage = 1_000;
    private const int SerialMax = 40;
    private const string CertificatePrefix = "certificates/";

    public override Task<GetAuditKeyResponse> GetAuditKey(GetAuditKeyRequest request, ServerCallContext context) =>
        Task.FromResult(new GetAuditKeyResponse { PublicKeyPem = secrets.PublicKeyPem });

    public override async Task<GetHeadResponse> GetHead(GetHeadRequest request, ServerCallContext context) => new()
    {
        Head = HeadOf(await audit.ReadHeadAsync(context.CancellationToken)
            ?? throw new RefusedException(Refusal.NotFound("HEAD_NOT_FOUND", "", "Nothing was audited yet; ask again within a minute."))),
    };

    public override async Task<ListHeadsResponse> ListHeads(ListHeadsRequest request, ServerCallContext context)
    {
        var size = Fields.PageSize(request.PageSize, HeadsUsual, HeadsMax);
        var heads = await audit.ReadHeadsAsync(From("audit-heads", request.PageToken), size, context.CancellationToken);
        var response = new ListHeadsResponse { NextPageToken = Pages.Next(tokens, "audit-heads", heads.Count == size, heads.Count == 0 ? "" : Text(heads[^1].Number)) };
        response.Heads.AddRange(heads.Select(HeadOf));
        return response;
    }

    public override async Task<GetInclusionProofResponse> GetInclusionProof(GetInclusionProofRequest request, ServerCallContext context)
    {
        if (request.Position < 0 || request.Position >= request.Size)
        {
            throw Fields.Invalid("POSITION_INVALID", "position", "Give 0 or more, and less than size.");
        }

        await RefuseUnreachedAsync(request.Size, "size", context.CancellationToken);

        var response = new GetInclusionProofResponse
        {
            Leaf = ByteString.CopyFrom((await audit.ReadNodesAsync(0, request.Position, 1, context.CancellationToken))[0]),
        };
        response.Path.AddRange((await proofs.InclusionAsync(request.Position, request.Size, context.CancellationToken)).Select(ByteString.CopyFrom));
        return response;
    }

    public override async Task<GetConsistencyProofResponse> GetConsistencyProof(GetConsistencyProofRequest request, ServerCallContext context)
    {
        if (request.FirstSize < 1 || request.FirstSize > request.SecondSize)
        {
            throw Fields.Invalid("SIZE_INVALID", "first_size", "Give 1 or more, and at most second_size.");
        }

        await RefuseUnreachedAsync(request.SecondSize, "second_size", context.CancellationToken);

        var response = new GetConsistencyProofResponse();
        response.Path.AddRange(
            (await proofs.ConsistencyAsync(request.FirstSize, request.SecondSize, context.CancellationToken)).Select(ByteString.CopyFrom));
        return response;
    }

    public override async Task StreamEntries(StreamEntriesRequest request, IServerStreamWriter<StreamEntriesResponse> responseStream, ServerCallContext context)
    {
        if (request.StartPosition < 0)
        {
            throw Fields.Invalid("POSITION_INVALID", "start_position", "Give 0 or more.");
        }

        for (var from = request.StartPosition; ;)
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                throw new RefusedException(Refusal.Unavailable("SERVER_STOPPING", "The server stops; stream again from the first position that you lack."));
            }

            var entries = await audit.ReadEntriesAsync(from, EntriesPage, context.CancellationToken);
            var page = new StreamEntriesResponse { End = entries.Count < EntriesPage };
            page.Entries.AddRange(entries.Select(MessageOf));
            await responseStream.WriteAsync(page, context.CancellationToken);
            if (page.End)
            {
                return;
            }

            from = entries[^1].Position + 1;
        }
    }

    public override async Task<ListAccessesResponse> ListAccesses(ListAccessesRequest request, ServerCallContext context)
    {
        var subject = PatientId.TryParseName(request.Parent, out var patient) ? Streams.Of(patient)
            : ClinicId.TryParseName(request.Parent, out var clinic) ? Streams.Of(clinic)
            : ApprovalId.TryParseName(request.Parent, out var approval) ? Streams.Of(approval)
            : request.Parent == "profiles/" + PublicOutcomes.Profile ? Streams.OfProfile(PublicOutcomes.Profile)
            : request.Parent.StartsWith(CertificatePrefix, StringComparison.Ordinal) && IsSerial(request.Parent.AsSpan(CertificatePrefix.Length)) ? "certificate-" + request.Parent[CertificatePrefix.Length..]
            : request.Parent.StartsWith(AccessTokens.ActorPrefix, StringComparison.Ordinal) && Slug.IsValid(request.Parent.AsSpan(AccessTokens.ActorPrefix.Length)) ? "client-" + request.Parent[AccessTokens.ActorPrefix.Length..]
            : throw Fields.Invalid(
                "NAME_INVALID", "parent", $"Give patients/{{patient}}, clinics/{{clinic}}, approvals/{{approval}}, profiles/{PublicOutcomes.Profile}, certificates/{{serial}} or clients/{{client}}.");
        var (size, list) = (Fields.PageSize(request.PageSize, AccessesUsual, AccessesMax), "audit/" + subject);
        var entries = await audit.ReadOfSubjectAsync(subject, From(list, request.PageToken), size, context.CancellationToken);
        var response = new ListAccessesResponse { NextPageToken = Pages.Next(tokens, list, entries.Count == size, entries.Count == 0 ? "" : Text(entries[^1].Position + 1)) };
        response.Entries.AddRange(entries.Select(MessageOf));
        return response;
    }

    private static bool IsSerial(ReadOnlySpan<char> text) => text.Length is >= 1 and <= SerialMax && !text.ContainsAnyExcept("0123456789ABCDEF");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private long From(string list, string token) => Pages.From(tokens, list, token) is { Length: > 0 } from ? long.Parse(from, CultureInfo.InvariantCulture) : 0;

    private async Task RefuseUnreachedAsync(long size, string field, CancellationToken cancellationToken)
    {
        if ((await audit.ReadNodesAsync(0, size - 1, 1, cancellationToken)).Count == 0)
        {
            throw new RefusedException(Refusal.OutOfRange("SIZE_UNKNOWN", field, "Give a size that the tree has reached, for example a head's."));
        }
    }

    private static Head HeadOf(SignedHead head) => new()
    {
        Number = head.Number,
        Note = ByteString.CopyFrom(head.Note, Encoding.UTF8),
        Signature = ByteString.CopyFrom(head.Signature),
    };

    private static Protocol.Audit.V1.PlacedEntry MessageOf(Journal.Audit.PlacedEntry placed) => new()
    {
        Position = placed.Position,
        Leaf = ByteString.CopyFrom(placed.Leaf),
        Entry = placed.Entry is not { } entry ? null : new()
        {
            Time = entry.At.ToTimestamp(),
            Action = entry.Action,
            Actor = entry.Actor,
            Site = entry.Site,
            Subject = entry.Subject,
            Version = entry.Version,
            Purpose = entry.Purpose,
            Outcome = entry.Outcome,
            Count = entry.Count,
            Content = ByteString.CopyFrom(entry.Content),
        },
    };
}
