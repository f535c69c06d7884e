namespace ClinicNetwork.Verification;

/// <summary>Numbers the labels of one quasi-identifier over all batches, so that values of different batches compare as numbers.</summary>
internal sealed class LabelRegister
{
    private readonly Dictionary<string, int> _ids = [];

    /// <summary>Numbers new labels; false, when that would exceed <see cref="Limits.LabelsMax"/>.</summary>
    public bool Admit(IEnumerable<string> labels)
    {
        foreach (var label in labels)
        {
            if (_ids.ContainsKey(label)) continue;
            if (_ids.Count == Limits.LabelsMax) return false;
            _ids.Add(label, _ids.Count);
        }

        return true;
    }

    /// <summary>The number of an admitted label.</summary>
    public int IdOf(string label) => _ids[label];
}
