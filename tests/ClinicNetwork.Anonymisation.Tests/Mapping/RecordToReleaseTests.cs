using System.Text;
using System.Text.RegularExpressions;
using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Anonymisation.Tests.Mapping;

/// <summary>From patients' records through projections and engine to the bytes that leave.</summary>
public sealed partial class RecordToReleaseTests
{
    private static readonly ReleasePolicy Unwithheld = PublicOutcomes.Policy with { WithholdShare = 0 };

    private static VirtualStore Released(IEnumerable<PatientState> patients)
    {
        var store = new VirtualStore(Secrets.New());
        store.Agree("ag-registry", Course.Registry, ReleaseProfiles.PublicOutcomes);
        foreach (var patient in patients)
        {
            var projections = PatientProjections.Of(PatientState.Empty, patient, []);
            var entered = projections.OfType<Projection.PoolEntered>().Single();
            var person = new VirtualPerson(patient.Id.Value, entered.Quarter, entered.QuasiIdentifiers) { Recipients = patient.ResearchConsent.Sum(c => (int)c) | 16 };
            foreach (var outcome in projections.OfType<Projection.OutcomeReady>())
                person.Outcomes[outcome.Milestone] = outcome.Values;
            store.Persons.Add(person.Id, person);
        }

        store.Publish(Course.Day(5), Unwithheld);
        return store;
    }

    [Fact]
    public void No_planted_identifier_leaves_in_a_row_or_a_manifest_and_no_date_but_those_of_policy_and_publication()
    {
        var store = Released(Enumerable.Range(0, 30).Select(i => Treated.Patient(i, followUp: i % 3 == 0 ? 21 : 8)));
        var batch = Assert.Single(store.Of("ag-registry"));
        var text = Encoding.UTF8.GetString(batch.Manifest) + string.Join('\n', ReleaseFolder.Delivered(store, store.Agreements[0], 1).SelectMany(r => r.Values!));

        Assert.Equal(30, batch.Rows);
        Assert.All(Treated.Identifiers, planted => Assert.DoesNotContain(planted, text, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(["2026-11-27", "2025-06-01"], AnyDate().Matches(text).Select(m => m.Value).Distinct());
        Assert.Empty(ReleaseFolder.Verify(store, store.Agreements[0]).Findings);
    }

    [Fact]
    public void The_same_person_has_another_pseudonym_under_another_key_recipient_or_epoch_and_never_the_id()
    {
        var (one, two) = (Secrets.New("one"), Secrets.New("two"));

        Assert.NotEqual(one.Pseudonym("ag-1", 1, "pt-geheim-1"), two.Pseudonym("ag-1", 1, "pt-geheim-1"));
        string[] pseudonyms =
            [one.Pseudonym("ag-1", 1, "pt-geheim-1"), one.Pseudonym("ag-1", 1, "pt-geheim-2"), one.Pseudonym("ag-2", 1, "pt-geheim-1"), one.Pseudonym("ag-1", 2, "pt-geheim-1")];
        Assert.Equal(4, pseudonyms.Distinct().Count());
        Assert.All(pseudonyms, p => Assert.Matches("^[0-9a-f]{32}$", p));
    }

    [Fact]
    public void A_patient_without_consent_enters_no_pool()
    {
        var patient = Treated.Patient(1) with { ResearchConsent = [], InPool = false };

        Assert.DoesNotContain(PatientProjections.Of(PatientState.Empty, patient, []), p => p is Projection.PoolEntered or Projection.OutcomeReady);
    }

    /// <summary>
    /// From a baseline of 5 to 7 (and from one that was below 5 already) a PHQ-9 below 5 is remission by McInnes 2022 without being half
    /// of the baseline. One such patient must not make the registry refuse the batch.
    /// </summary>
    [Theory]
    [InlineData(7, 4)]
    [InlineData(5, 3)]
    [InlineData(3, 4)]
    public void Remission_from_a_mild_baseline_is_accepted_by_the_verifier(int baseline, int followUp)
    {
        var store = Released(
        [
            .. Enumerable.Range(0, 15).Select(i => Treated.Patient(i, baseline: 8, followUp: i % 3 == 0 ? 21 : 4)),
            .. Enumerable.Range(20, 15).Select(i => Treated.Patient(i, baseline, followUp: i % 3 == 0 ? baseline : followUp)),
        ]);

        Assert.Equal(30, store.Of("ag-registry")[0].Rows);
        Assert.Empty(ReleaseFolder.Verify(store, store.Agreements[0]).Findings);
    }

    [GeneratedRegex(@"\b\d{4}-\d{2}(-\d{2})?\b|\b\d{1,2}\.\d{1,2}\.\d{4}\b")]
    private static partial Regex AnyDate();
}
