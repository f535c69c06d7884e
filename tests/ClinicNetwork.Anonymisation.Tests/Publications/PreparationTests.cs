using System.Globalization;
using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Anonymisation.Tests.Publications;

/// <summary>What a publication day is made of, as it is read.</summary>
public sealed class PreparationTests
{
    [Fact]
    public async Task Nobody_is_left_out_because_others_of_a_page_were_erased_while_it_was_read()
    {
        var store = new VirtualStore(Secrets.New());
        string[] stored = [.. Enumerable.Range(0, 12_000).Select(n => n.ToString("00000", CultureInfo.InvariantCulture))];
        var read = await new PublicationPreparation(store, PublicOutcomes.Policy, store.Secrets, store).ReadPersonsAsync(
            (after, limit, _, _) => Task.FromResult<IReadOnlyList<WaitingPerson>>(
            [
                .. stored.Where(p => string.CompareOrdinal(p, after) > 0).Take(limit).Where(p => p is not ("00007" or "05100"))
                    .Select(p => new WaitingPerson(p, "2025-Q1", Course.Registry, [], Course.Day(0), null)),
            ]),
            default);

        Assert.Equal(stored.Where(p => p is not ("00007" or "05100")), read.Select(p => p.Person));
    }
}
