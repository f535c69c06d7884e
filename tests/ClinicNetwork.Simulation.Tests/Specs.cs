using CsCheck;

namespace ClinicNetwork.Simulation.Tests;

/// <summary>Specs the tests draw: the demo's, and any valid one for properties.</summary>
internal static class Specs
{
    internal static CohortSpec Demo { get; } =
        new(600, 1, new DateOnly(2025, 7, 1), 112, 12, 4, BaselineTable.Embedded, CourseModel.McInnes2022Fit);

    /// <summary>Nobody leaves or misses anything, so that every rule has something to look at.</summary>
    internal static CourseModel EverybodySeen { get; } = CourseModel.McInnes2022Fit with
    {
        Visits = new VisitRates
        {
            LeftInduction = 0, MissedEndOfInduction = 0, MissedWeek4 = 0, MissedWeek8 = 0, MissedWeek12 = 0, MissedBeforeSession = 0,
        },
    };

    private static readonly Gen<CourseModel> Course =
        from esketamine in Gen.Double[0, 1]
        from left in Gen.Double[0, 0.5]
        from missed in Gen.Double[0, 0.5]
        from ratio in Gen.Double[0, 4]
        from withdrawn in Gen.Double[0, 1]
        from shared in Gen.Double[0, 0.5]
        from response in Gen.Double[0.2, 0.7]
        from remission in Gen.Double[0, 1]
        select CourseModel.McInnes2022Fit with
        {
            Treatments = new TreatmentMix { Esketamine = esketamine },
            Visits = new VisitRates { LeftInduction = left, MissedEndOfInduction = missed, MissedWeek8 = missed, NonResponderMissRatio = ratio },
            Participation = new ParticipationRates { ConsentWithdrawn = withdrawn, PlanShared = shared, Transferred = 0.5 },
            Outcomes = new OutcomeRates { Response = response, Remission = remission * response },
        };

    internal static Gen<CohortSpec> Any { get; } =
        from patients in Gen.Int[1, 40]
        from seed in Gen.ULong
        from day in Gen.Int[0, 4000]
        from days in Gen.Int[2, 150]
        from weeks in Gen.Int[0, 12]
        from clinics in Gen.Int[1, 12]
        from course in Gen.Frequency((1, Gen.Const(CourseModel.McInnes2022Fit)), (1, Gen.Const(EverybodySeen)), (2, Course))
        select new CohortSpec(patients, seed, new DateOnly(2020, 1, 1).AddDays(day), days, weeks, clinics, BaselineTable.Embedded, course);

    /// <summary>The rule holds for every patient of 300 arbitrary cohorts; a failure prints the spec and seed.</summary>
    internal static void ForEveryPatient(Action<VirtualPatient, CohortSpec> rule) =>
        Any.Sample(
            spec =>
            {
                foreach (var patient in Cohort.Draw(spec))
                    rule(patient, spec);
            },
            iter: 300,
            threads: 2);

    internal static void ForEverySession(Action<SessionGiven> rule) =>
        ForEveryPatient((patient, _) => Assert.All(patient.All<SessionGiven>(), rule));

    internal static IEnumerable<T> All<T>(this VirtualPatient patient) where T : VirtualEvent => patient.Events.OfType<T>();

    internal static int DaysAfterLastDose(this VirtualPatient patient, DateOnly day) =>
        day.DayNumber - patient.All<SessionGiven>().Max(session => session.Day).DayNumber;
}
