namespace ClinicNetwork.Journal;

/// <summary>Why nobody can open something any more.</summary>
public enum KeyLoss
{
    /// <summary>The patient was erased.</summary>
    Erased = 1,

    /// <summary>The key of the last clinic that could read it was destroyed.</summary>
    Orphaned = 2,

    /// <summary>A clinic, whose own key was destroyed.</summary>
    Holder = 3,
}

/// <summary>A stream's key was destroyed on purpose: nothing is damaged, and nothing brings it back.</summary>
public sealed class KeyLostException(string stream, KeyLoss loss)
    : Exception($"The key of stream {stream} was destroyed ({loss}).")
{
    public KeyLoss Loss { get; } = loss;
}
