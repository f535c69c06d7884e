using System.Security.Cryptography;
using ClinicNetwork.Benchmarks.Yardstick;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Npgsql;
using NpgsqlTypes;

namespace ClinicNetwork.Benchmarks.Serve;

/// <param name="Bytes">Of the column that makes a row as wide as the journal's.</param>
internal sealed record RowWidth(int Bytes)
{
    /// <summary>Nothing that compresses.</summary>
    public byte[] Body { get; } = RandomNumberGenerator.GetBytes(Bytes);
}

/// <summary>
/// What a team would write by hand: one prepared insert for each call, with the request id as its guard, and nothing of the product's
/// history, projections and encryption. A sharper one would batch; then it would be this product's journal.
/// </summary>
internal sealed class HandwrittenCalls(NpgsqlDataSource source, RowWidth width) : HandwrittenService.HandwrittenServiceBase
{
    private const string InsertText = """
        INSERT INTO handwritten (patient, request_id, assessment_id, items, total, occurred_at, body)
        VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING version, recorded_at
        """;

    private readonly byte[] _body = width.Body;

    /// <summary>What the columns beside the body take in a row, about; so that the whole row is as wide as the journal's.</summary>
    public const int OtherColumnsBytes = 180;

    public const string Schema = """
        CREATE TABLE handwritten (
            version bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, patient text NOT NULL, request_id text NOT NULL UNIQUE, assessment_id text NOT NULL,
            items int[] NOT NULL, total int NOT NULL, occurred_at timestamptz NOT NULL, recorded_at timestamptz NOT NULL DEFAULT now(), body bytea NOT NULL)
        """;

    public override async Task<InsertResponse> Insert(InsertRequest request, ServerCallContext context)
    {
        var total = request.Items.Sum();
        await using var connection = await source.OpenConnectionAsync(context.CancellationToken);
        await using var command = new NpgsqlCommand(InsertText, connection)
        {
            Parameters =
            {
                new() { Value = request.Patient },
                new() { Value = request.RequestId },
                new() { Value = request.AssessmentId },
                new() { Value = request.Items.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
                new() { Value = total },
                new() { Value = request.OccurredAt.ToDateTime() },
                new() { Value = _body },
            },
        };
        await command.PrepareAsync(context.CancellationToken);
        await using var reader = await command.ExecuteReaderAsync(context.CancellationToken);
        await reader.ReadAsync(context.CancellationToken);
        return new() { Version = reader.GetInt64(0), RecordedAt = Timestamp.FromDateTime(reader.GetDateTime(1)), Total = total };
    }
}
