using ClinicNetwork.Domain.Partners;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Exchange;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Gateway.Tests.Exchange;

/// <summary>Under which agreement something is given is told by what the store holds now.</summary>
public sealed class PartnerAgreementsTests
{
    private static readonly DateTimeOffset Now = new(2025, 7, 1, 12, 0, 0, TimeSpan.Zero);

    private static AgreementRecord Agreement(AgreementStatus status, int from = -10, int to = 10, string id = "eu.one") => new(
        id, "eu", "public-outcomes", 17, ["pseudonym", "cell", "response"], Now.AddDays(from), Now.AddDays(to), 0, 1, AgreementStatuses.NameOf(status));

    public static TheoryData<string, string?> Alone => new()
    {
        { "", "AGREEMENT_MISSING" },
        { "Draft", "AGREEMENT_MISSING" },
        { "Proposed", "AGREEMENT_MISSING" },
        { "Active", null },
        { "Active from tomorrow", "AGREEMENT_MISSING" },
        { "Active until now", "AGREEMENT_ENDED" },
        { "Suspended", "AGREEMENT_SUSPENDED" },
        { "Suspended until now", "AGREEMENT_ENDED" },
        { "Ended", "AGREEMENT_ENDED" },
        { "Expired", "AGREEMENT_ENDED" },
        { "Ended, Draft", "AGREEMENT_ENDED" },
        { "Ended, Suspended", "AGREEMENT_SUSPENDED" },
        { "Ended, Expired, Active", null },
        { "Draft, Active", null },
    };

    [Theory]
    [MemberData(nameof(Alone))]
    public void What_is_in_force_is_found_and_what_is_not_is_refused_by_its_state(string states, string? reason)
    {
        AgreementRecord[] agreements =
        [
            .. states.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select((state, i) => Agreement(
                Enum.Parse<AgreementStatus>(state.Split(' ')[0]), state.EndsWith("tomorrow", StringComparison.Ordinal) ? 1 : -10, state.EndsWith("now", StringComparison.Ordinal) ? 0 : 10, $"eu.{i}")),
        ];
        var (found, refusal) = PartnerAgreements.Judge(agreements, Now);
        Assert.Equal(reason, refusal?.Reason);
        Assert.Equal(reason is null ? "ACTIVE" : null, found?.Status);
    }

    [Fact]
    public void It_gives_from_its_first_instant_until_a_tick_before_its_end()
    {
        var agreement = Agreement(AgreementStatus.Active);
        Assert.Null(PartnerAgreements.Judge([agreement], agreement.ValidFrom.AddTicks(-1)).Found);
        Assert.Same(agreement, PartnerAgreements.Judge([agreement], agreement.ValidFrom).Found);
        Assert.Same(agreement, PartnerAgreements.Judge([agreement], agreement.ValidTo.AddTicks(-1)).Found);
        Assert.Null(PartnerAgreements.Judge([agreement], agreement.ValidTo).Found);
    }

    [Fact]
    public void A_column_that_is_not_agreed_is_refused()
    {
        var agreement = Agreement(AgreementStatus.Active);
        PartnerAgreements.CheckFields(agreement, ["cell", "pseudonym"], "columns");
        Assert.Equal("FIELD_NOT_AGREED", Assert.Throws<RefusedException>(() => PartnerAgreements.CheckFields(agreement, ["cell", "phq9"], "columns")).Refusal.Reason);
    }
}
