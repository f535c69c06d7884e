namespace ClinicNetwork.Journal;

/// <summary>Records that partners submitted, sealed under the key of the submission's stream. Written only by <see cref="Projection.RecordsSubmitted"/>; who may read them is for the caller to decide.</summary>
public interface ISubmissionStore
{
    /// <summary>Those of these records that are there, by id.</summary>
    Task<IReadOnlyDictionary<string, SubmissionRow>> FindAsync(string stream, IReadOnlyList<string> records, CancellationToken cancellationToken);

    /// <summary>Records after one (ordinal; "" from the first), in order; at most so many.</summary>
    Task<IReadOnlyList<SubmissionRow>> ReadAsync(string stream, string after, int limit, CancellationToken cancellationToken);
}

/// <param name="Record">The partner's id for it, unique within the stream.</param>
/// <param name="Values">Whatever is kept of it.</param>
public sealed record SubmissionRow(string Record, IReadOnlyList<string> Values);
