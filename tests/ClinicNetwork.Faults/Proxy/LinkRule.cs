namespace ClinicNetwork.Faults.Proxy;

/// <summary>What happens to the bytes of a link. Up is from who connected to who listens.</summary>
/// <param name="DelayMs">Each piece waits this long.</param>
/// <param name="StallShare">Share of pieces that wait as for a lost packet, 0 to 1.</param>
/// <param name="StallUp">Nothing goes up until the rule changes.</param>
/// <param name="StallDown">Nothing goes down until the rule changes.</param>
/// <param name="Refuse">Open connections are reset and new ones too.</param>
/// <param name="CutReplyShare">Share of answers, 0 to 1, at which the connection is reset instead: the request was carried out, the answer is lost.</param>
internal sealed record LinkRule(
    int DelayMs = 0, double StallShare = 0, bool StallUp = false, bool StallDown = false, bool Refuse = false, double CutReplyShare = 0)
{
    public static readonly LinkRule Whole = new();

    public static readonly LinkRule Cut = new(StallUp: true, StallDown: true);

    public static readonly LinkRule Refused = new(Refuse: true);

    public static readonly LinkRule SlowAndLossy = new(DelayMs: 15, StallShare: 0.02);
}
