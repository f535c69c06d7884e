namespace ClinicNetwork.Verification;

/// <summary>Counts of one milestone's delivered rows.</summary>
internal sealed class MilestoneTally(string name)
{
    private readonly int[] _missing = new int[OutcomeProfile.MissingReasons.Length];
    private int _rows;
    private int _measured;
    private int _response;
    private int _remission;
    private int _worsening;

    public bool Any => _rows > 0;

    public void Count(in OutcomeRow row)
    {
        _rows++;
        if (row.Measured) _measured++;
        else if (row.MissingReason != OutcomeProfile.Empty) _missing[row.MissingReason - 1]++;
        if (row.Response == OutcomeProfile.Yes) _response++;
        if (row.Remission == OutcomeProfile.Yes) _remission++;
        if (row.Worsening == OutcomeProfile.Yes) _worsening++;
    }

    public void Add(MilestoneTally other)
    {
        _rows += other._rows;
        _measured += other._measured;
        _response += other._response;
        _remission += other._remission;
        _worsening += other._worsening;
        for (var i = 0; i < _missing.Length; i++) _missing[i] += other._missing[i];
    }

    public MilestoneFigures Figures()
    {
        var missing = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < _missing.Length; i++)
            if (_missing[i] > 0)
                missing[OutcomeProfile.MissingReasons[i]] = _missing[i];
        return new MilestoneFigures(name, _rows, _measured, missing, _response, _remission, _worsening);
    }
}
