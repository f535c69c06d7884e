using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;
using Xunit.Abstractions;

namespace ClinicNetwork.Domain.Tests.Transfers;

/// <summary>Random offers, answers, sharing and time over five clinics, against a model of its own of who may do what.</summary>
public sealed class TransferAccessTests(ITestOutputHelper output)
{
    private static readonly ClinicId[] Clinics = [new("north"), new("south"), new("east"), new("west"), new("mid")];

    /// <summary>What the model knows: one home, grants, and at most one offer with its end.</summary>
    private sealed class Model
    {
        public ClinicId Home = Clinics[0];
        public Dictionary<ClinicId, SiteAccess> Grants = [];
        public (int Number, ClinicId To, SiteAccess? Keeps, DateTimeOffset Until)? Offer;
        public int Offers;

        public SiteAccess? AccessOf(ClinicId clinic) => clinic == Home ? SiteAccess.Write : Grants.TryGetValue(clinic, out var access) ? access : null;
    }

    [Fact]
    public void One_clinic_is_home_and_whoever_has_access_has_it_by_the_model()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"CLINICNETWORK_TEST_SEED={seed}");
        var random = new Random(seed);
        var (accepted, refused, moves) = (0, 0, 0);
        for (var run = 0; run < 400; run++)
        {
            var (chart, model) = (new Chart().Enrol(), new Model());
            var (state, now) = (chart.State, chart.At(0));
            for (var step = 0; step < 40; step++)
            {
                now = now.AddHours(random.Next(1, 90));
                if (model.Offer?.Until <= now)
                    model.Offer = null;
                var (command, expected) = Next(random, model, now);
                var attempt = UseCases.Decide(state, command, now);
                Assert.True(attempt.Accepted == (expected is not null), $"{attempt.UseCase}: {attempt.Refusal?.Reason} after {step} steps of run {run}");
                state = UseCases.Fold(state, attempt);
                expected?.Invoke();
                (accepted, refused, moves) = (accepted + (attempt.Accepted ? 1 : 0), refused + (attempt.Accepted ? 0 : 1), moves + (attempt.Accepted && command is AcceptTransfer ? 1 : 0));

                Assert.Equal(model.Home, state.HomeClinic);
                foreach (var clinic in Clinics)
                {
                    Assert.Equal((model.AccessOf(clinic) is not null, model.AccessOf(clinic) == SiteAccess.Write), (state.ReadableBy(clinic) == PlanSections.All, state.WritableBy(clinic) == PlanSections.All));
                    Assert.Equal(model.Offer is { } offer && offer.To == clinic, TransferRules.OpenAt(state, now)?.To == clinic);
                }
            }
        }

        output.WriteLine($"{accepted} acts accepted, {refused} refused, {moves} transfers.");
        Assert.True(accepted > 3_000 && refused > 3_000 && moves > 500);
    }

    /// <summary>Null: the model refuses it.</summary>
    private static (object Command, Action? Then) Next(Random random, Model model, DateTimeOffset now)
    {
        var (by, to) = (random.Next(3) == 0 ? Any(random) : model.Home, Any(random));
        var number = model.Offers - (random.Next(8) == 0 ? 1 : 0);
        var isOpen = model.Offer is { } offer && offer.Number == number;
        var answering = random.Next(4) == 0 ? Any(random) : model.Offer?.To ?? to;
        switch (random.Next(8))
        {
            case 0 or 1:
                SiteAccess? keeps = random.Next(3) is var kept and > 0 ? (SiteAccess)kept : null;
                var days = random.Next(1, 31);
                return (new OfferTransfer(to, "Moves there", keeps, days, by, "one"), by == model.Home && to != model.Home && model.Offer is null
                    ? () => model.Offer = (++model.Offers, to, keeps, now.AddDays(days))
                    : null);
            case 2:
                return (new WithdrawTransfer(number, by, "one"), by == model.Home && isOpen ? () => model.Offer = null : null);
            case 3 or 4 or 5:
                return (new AcceptTransfer(number, "R-2", answering, "two", "America/New_York"), isOpen && answering == model.Offer!.Value.To ? () => Move(model) : null);
            case 6:
                return (new DeclineTransfer(number, "No place", answering, "two"), isOpen && answering == model.Offer!.Value.To ? () => model.Offer = null : null);
            default:
                var grants = Clinics.Where(c => c != model.Home && random.Next(3) == 0).ToDictionary(c => c, _ => (SiteAccess)random.Next(1, 3));
                return (new SetSharing([.. grants.Select(g => new SiteGrant(g.Key, g.Value))], now), () => model.Grants = grants);
        }
    }

    private static void Move(Model model)
    {
        var (former, offer) = (model.Home, model.Offer!.Value);
        (model.Home, model.Offer) = (offer.To, null);
        model.Grants.Remove(offer.To);
        if (offer.Keeps is { } access)
            model.Grants[former] = access;
    }

    private static ClinicId Any(Random random) => Clinics[random.Next(Clinics.Length)];
}
