using ClinicNetwork.Faults.Releases;

namespace ClinicNetwork.Faults.Tests;

/// <summary>What the races call a leak.</summary>
public sealed class LeakJudgeTests
{
    private readonly LeakJudge _judge = new();

    [Fact]
    public void A_page_that_was_asked_for_before_the_acknowledgement_may_hold_the_person_and_none_later()
    {
        _judge.Withdrew("pt-1", "registry.a-1", at: 100);
        Assert.False(_judge.IsLeak("pt-1", "registry.a-1", formed: 3, askedAt: 100));
        Assert.True(_judge.IsLeak("pt-1", "registry.a-1", formed: 3, askedAt: 101));
        Assert.True(_judge.IsLeak("pt-1", "registry.a-1", formed: 4, askedAt: 101));
    }

    [Fact]
    public void Another_person_and_a_recipient_who_is_still_permitted_are_none()
    {
        _judge.Withdrew("pt-1", "industry.a-1", at: 100);
        Assert.False(_judge.IsLeak("pt-2", "industry.a-1", formed: 3, askedAt: 101));
        Assert.False(_judge.IsLeak("pt-1", "registry.a-1", formed: 3, askedAt: 101));
    }

    [Fact]
    public void Consent_given_again_permits_cells_that_are_formed_later_and_none_before()
    {
        _judge.Withdrew("pt-1", "registry.a-1", at: 100);
        _judge.Returned("pt-1", "registry.a-1", published: 3);
        Assert.True(_judge.IsLeak("pt-1", "registry.a-1", formed: 3, askedAt: 200));
        Assert.False(_judge.IsLeak("pt-1", "registry.a-1", formed: 4, askedAt: 200));
        _judge.Withdrew("pt-1", "registry.a-1", at: 300);
        Assert.True(_judge.IsLeak("pt-1", "registry.a-1", formed: 4, askedAt: 301));
    }
}
