using System.Runtime.CompilerServices;
using ClinicNetwork.Client.Streams;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.Client;

/// <summary>A patient as it stands at a version, and the commands 1..n that made it.</summary>
public sealed record PatientRecord(GetPatientResponse Whole, IReadOnlyList<RecordedCommand> Commands);

/// <summary>Taking a patient's record out.</summary>
public static class PatientRecords
{
    /// <summary>The whole record, over any number of cuts.</summary>
    /// <param name="name"><c>patients/{patient}</c>.</param>
    /// <exception cref="ClinicNetworkException">Refused, or cut too often.</exception>
    public static async Task<PatientRecord> ExportPatientAsync(this ClinicNetworkClient client, string name, CancellationToken cancellationToken = default)
    {
        GetPatientResponse? whole = null;
        var commands = new List<RecordedCommand>();
        var stream = new ResumingStream<long, ExportPatientResponse>(
            (after, token) => OpenAsync(client, new() { Name = name, AfterVersion = after }, token),
            (after, part) => part.PartCase == ExportPatientResponse.PartOneofCase.Commands && part.Commands.Commands.Count > 0 ? part.Commands.Commands[^1].Version : after,
            part => part.PartCase == ExportPatientResponse.PartOneofCase.Commands && part.Commands.Commands.Count > 0 && part.Commands.Commands[^1].Version >= whole?.Revision.Version,
            client.Options);
        await foreach (var part in stream.ReadAsync(0, cancellationToken).ConfigureAwait(false))
        {
            if (part.PartCase == ExportPatientResponse.PartOneofCase.Record)
                whole = part.Record;
            else
                commands.AddRange(part.Commands.Commands);
        }
        // What was recorded after the patient was read is of a later version.
        return new(whole!, [.. commands.TakeWhile(command => command.Version <= whole!.Revision.Version)]);
    }

    private static async IAsyncEnumerable<ExportPatientResponse> OpenAsync(
        ClinicNetworkClient client, ExportPatientRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = client.Records.ExportPatient(request, cancellationToken: cancellationToken);
        await foreach (var part in call.ResponseStream.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            yield return part;
    }
}
