using ClinicNetwork.Verification.RedTeam;

namespace ClinicNetwork.Verification.Tests.RedTeam;

public sealed class ExcessRiskTests
{
    /// <summary>
    /// From the Wilson limits of Newcombe 1998 (Statistics in Medicine 17:857-872, table I): 81/263 is 0.2553 to 0.3662, centre 0.31075 ± 0.05545; 15/148 is 0.0624 to 0.1605, 0.11145 ±
    /// 0.04905. Excess (0.31075 − 0.11145)/0.88855 = 0.2243; its half-width √((0.05545/0.88855)² + (0.04905 · 0.68925/0.88855²)²) = √(0.06240² + 0.04282²) = 0.0757.
    /// </summary>
    [Fact]
    public void Excess_and_its_interval_follow_from_the_two_rates()
    {
        var risk = new ExcessRisk(new(81, 263), new(15, 148));
        Assert.Equal(0.2243, risk.Estimate, 3);
        Assert.Equal(0.2243 - 0.0757, risk.Lower, 3);
        Assert.Equal(0.2243 + 0.0757, risk.Upper, 3);
    }

    [Fact]
    public void Less_success_than_against_the_control_is_no_risk()
    {
        var risk = new ExcessRisk(new(10, 1_000), new(100, 1_000));
        Assert.Equal((0, 0, 0), (risk.Estimate, risk.Lower, risk.Upper));
    }

    [Theory]
    [InlineData(199, 2_000, 2_000, AttackVerdict.NotEstablished)]
    [InlineData(2_000, 199, 2_000, AttackVerdict.NotEstablished)]
    [InlineData(2_000, 2_000, 199, AttackVerdict.NotEstablished)]
    [InlineData(200, 200, 200, AttackVerdict.Exceeded)]
    [InlineData(2_000, 0, 0, AttackVerdict.NotEstablished)]
    public void Under_200_attacks_or_persons_it_is_not_established_and_no_finding(int attacks, int control, int persons, AttackVerdict verdict) =>
        Assert.Equal(verdict, new ExcessRisk(new(attacks, attacks), new(0, control)).Judge("attack", persons).Verdict);

    /// <summary>Equal rates of 10 %: the half-width is that of a difference, 2.6 % of 1,000 and 5.9 % of 200, over 0.9.</summary>
    [Theory]
    [InlineData(1_000, AttackVerdict.Held)]
    [InlineData(200, AttackVerdict.Exceeded)]
    public void The_bound_is_on_the_upper_limit(int attacks, AttackVerdict verdict) =>
        Assert.Equal(verdict, new ExcessRisk(new(attacks / 10, attacks), new(attacks / 10, attacks)).Judge("attack", attacks).Verdict);
}
