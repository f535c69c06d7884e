using System.Buffers;
using System.Text;

namespace ClinicNetwork.Journal.Audit;

/// <summary>Somebody looked at something, received it, or was refused it; changes are audited by their journal rows.</summary>
/// <param name="At">When, by the wall clock of the process that answered.</param>
/// <param name="Action">The rpc, for example <c>care.v1.PatientService/GetPlan</c>.</param>
/// <param name="Actor">The common name of the caller's certificate.</param>
/// <param name="Site">Acting clinic's id; empty: the network.</param>
/// <param name="Subject">Stream it was about, for example <c>pt-anna</c>, <c>cl-harbour</c>; empty when it names none.</param>
/// <param name="Purpose">HL7 PurposeOfUse code, for example <c>TREAT</c>.</param>
/// <param name="Outcome"><c>OK</c>, or gRPC status and reason of the refusal.</param>
/// <param name="Count">How many times within a second, 1 or more.</param>
/// <param name="EntryId">Chosen by whoever keeps it: of one that is kept again nothing becomes of it. Null: it is kept each time.</param>
/// <remarks>Of texts that no database takes, and would refuse with all their neighbours again and again, what can be kept is kept.</remarks>
public sealed record AccessRecord(
    DateTimeOffset At, string Action, string Actor, string Site, string Subject, string Purpose, string Outcome, int Count, Guid? EntryId = null)
{
    /// <summary>UTF-16 units of a text; names, rpcs and reasons are far shorter. (An index of PostgreSQL takes 2,700 bytes.)</summary>
    public const int TextMax = 800;

    private static readonly SearchValues<char> Doubtful = SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(unit => (char)unit), '\0']);

    public string Action { get; init; } = Storable(Action);

    public string Actor { get; init; } = Storable(Actor);

    public string Site { get; init; } = Storable(Site);

    public string Subject { get; init; } = Storable(Subject);

    public string Purpose { get; init; } = Storable(Purpose);

    public string Outcome { get; init; } = Storable(Outcome);

    /// <summary>Well-formed, without NUL, at most <see cref="TextMax"/>: U+FFFD stands for each unit that cannot be stored.</summary>
    private static string Storable(string text)
    {
        if (text.Length <= TextMax && !text.AsSpan().ContainsAny(Doubtful))
        {
            return text;
        }

        var kept = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
        return kept.Length <= TextMax ? kept : kept[..(char.IsHighSurrogate(kept[TextMax - 1]) ? TextMax - 1 : TextMax)];
    }
}

/// <summary>One entry of the audit: a change, as its journal row lies there, or an access.</summary>
/// <param name="Position">Its place in the tree, 0 first.</param>
/// <param name="Version">A change's version of its stream; 0: an access.</param>
/// <param name="Content">A change's: SHA-256 over request id (UTF-8), 0x00, payload hash, base hash, row hash and sealed events, 32 bytes, so that no byte of a record can be changed unseen, and none is told. Empty for an access.</param>
public sealed record AuditEntry(
    long Position,
    DateTimeOffset At,
    string Action,
    string Actor,
    string Site,
    string Subject,
    long Version,
    string Purpose,
    string Outcome,
    int Count,
    byte[] Content);

/// <summary>What lies at a position of the tree.</summary>
/// <param name="Leaf">The hash that was put into the tree, 32 bytes.</param>
/// <param name="Entry">What it was made from, as it is stored now; null when it is gone.</param>
public sealed record PlacedEntry(long Position, byte[] Leaf, AuditEntry? Entry);

/// <summary>A signed head of the tree.</summary>
/// <param name="Number">1..n in order of signing.</param>
/// <param name="Size">Entries under it.</param>
/// <param name="Note">What was signed, UTF-8: see <see cref="AuditHeads"/>.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256, IEEE P1363, 64 bytes.</param>
public sealed record SignedHead(long Number, long Size, DateTimeOffset At, string Note, byte[] Signature);

/// <summary>What one round of placing did.</summary>
/// <param name="Placed">Entries that were put into the tree.</param>
/// <param name="Full">More may wait: another round should follow at once.</param>
/// <param name="Head">The head that was signed, if one was due.</param>
/// <param name="Problem">Why nothing is placed or signed on what lies in the database, and what to do; null: nothing is wrong.</param>
public sealed record AuditRound(int Placed, bool Full, SignedHead? Head, string? Problem = null)
{
    public static readonly AuditRound Nothing = new(0, false, null);

    internal static AuditRound Refused(string problem) => Nothing with { Problem = problem };
}
