namespace ClinicNetwork.Journal;

/// <summary>Instants are stored as whole milliseconds since 1970, UTC; what is finer is cut off.</summary>
internal static class StoredTime
{
    public static long ToStored(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds();

    public static DateTimeOffset FromStored(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset Truncate(DateTimeOffset instant) => FromStored(ToStored(instant));
}
