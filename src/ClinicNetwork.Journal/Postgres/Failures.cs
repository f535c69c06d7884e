using System.Net.Sockets;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>What an error of the database says of the write that met it.</summary>
internal static class Failures
{
    /// <summary>
    /// An ERROR ends the transaction definitely. FATAL and PANIC end the session, and may arrive after the commit (57P01: the server is
    /// stopped or the backend terminated between commit and answer).
    /// </summary>
    public static bool IsRolledBack(PostgresException e) => e.InvariantSeverity == "ERROR";

    /// <summary>It may succeed when tried again at once: deadlock, serialisation. Not a lock held too long: the next attempt would wait as long.</summary>
    public static bool MayPass(PostgresException e) => e.SqlState[..2] is "40";

    /// <summary>A state of the server and not of the command: a lock, disk or memory full, too many connections, read-only after a failover.</summary>
    public static bool IsOfTheServer(PostgresException e) =>
        MayPass(e) || e.SqlState[..2] is "53" or "57" or "58" || e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.ReadOnlySqlTransaction;

    /// <summary>The key of <see cref="AppendOutcome.KeyTaken"/> that a violated constraint stands for, or null.</summary>
    public static string? KeyTaken(PostgresException e) => e.SqlState != PostgresErrorCodes.UniqueViolation ? null : e.ConstraintName switch
    {
        "patient_home_clinic_record_number_key" => "record_number",
        "clinic_pkey" or "clinic_clinic_key" => "clinic",
        "cell_pkey" => "cell",
        "cell_member_pkey" => "cell_member",
        "settled_pkey" or "released_pkey" or "delivery_row_person_key" => "milestone",
        "delivery_batch_pkey" or "delivery_row_pkey" => "batch",
        _ => null,
    };

    /// <summary>A key was wrapped by a holder's that is not the present one any more.</summary>
    public static bool IsStaleHolder(PostgresException e) =>
        e is { SqlState: PostgresErrorCodes.ForeignKeyViolation, ConstraintName: "key_wrap_holder_key_fkey" };

    /// <summary>The database does not answer, or not now; nothing is wrong with what was asked.</summary>
    public static bool IsUnavailable(Exception e) => e switch
    {
        PostgresException error => !IsRolledBack(error) || IsOfTheServer(error),
        NpgsqlException or SocketException or TimeoutException or IOException => true,
        _ => false,
    };

    /// <summary>
    /// Of what is unavailable: a connection or the server died, so others are likely dead too. A statement that took too long, a full disk or
    /// a server that takes no more connections says nothing of those that are open.
    /// </summary>
    public static bool IsOutage(Exception e) => e is PostgresException error ? !IsRolledBack(error) && error.SqlState[..2] is not "53" : IsUnavailable(e);

    public static JournalBusyException Busy(Exception? reason) =>
        new($"The journal could not be written ({Brief(reason)}); nothing was written, try again later.");

    public static JournalBusyException OutOfTime =>
        new("The journal could not be written in time, because others wrote for too long; nothing was written, try again later.");

    /// <summary>With the error's code and constraint only: its text may repeat a value.</summary>
    public static AppendFailedException Failed(PostgresException reason) =>
        new($"The database refused a command (PostgreSQL {reason.SqlState}{(reason.ConstraintName is { Length: > 0 } name ? $", constraint {name}" : "")}); nothing was written.");

    public static OutcomeUnknownException Unknown(Exception? reason) =>
        new("The database did not tell whether it committed; that shows under the same request id.", reason);

    /// <summary>One line without values of rows.</summary>
    public static string Brief(Exception? e) => e switch
    {
        null => "unknown",
        PostgresException error => $"PostgreSQL {error.SqlState}: {FirstLine(error.MessageText)}",
        _ => FirstLine(e.Message),
    };

    private static string FirstLine(string text) => text.Split('\n')[0].Trim();
}
