using System.Globalization;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Cli.Commands;

/// <summary>Values as people read them.</summary>
internal static class Show
{
    internal static string Instant(Timestamp? time) =>
        time is null ? "-" : time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    internal static string Day(Timestamp? time) =>
        time is null ? "-" : time.ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    internal static string Dose(Plan plan) => plan.DoseMgPerKg > 0 ? $"{Number(plan.DoseMgPerKg)} mg/kg" : $"{Number(plan.DoseMg)} mg";

    /// <summary>Of a plan whose medication the site may not see, what else there is: no drug and 0 mg would be wrong.</summary>
    internal static string Plan(Plan plan) => plan.Protocol.Length == 0
        ? string.Concat(
            "medication not shared",
            Sees(plan, PlanSection.Goals) ? $", {Count(plan.Goals.Count, "goal")}" : "",
            Sees(plan, PlanSection.Psychotherapy) ? $", {plan.Support.Count} series of support" : "")
        : $"{Words(plan.Drug)} {Words(plan.Route)}, {Dose(plan)}, {plan.InductionSessions} induction sessions, {Words(plan.Setting)}";

    /// <summary>What is in another section is not told, which is not the same as that there is none.</summary>
    internal static bool Sees(Plan? plan, PlanSection section) => plan is not { Sections: { Count: > 0 } seen } || seen.Any(grant => grant.Section == section);

    /// <summary>Each section of the plan once: <c>full: scales; read: goals; none: medication, …</c>.</summary>
    internal static string Sections(IReadOnlyCollection<SectionGrant> grants) => string.Join("; ", System.Enum.GetValues<PlanSection>()
        .Where(section => section != PlanSection.Unspecified)
        .GroupBy(section => grants.FirstOrDefault(grant => grant.Section == section)?.Access ?? SiteAccess.Unspecified)
        .OrderByDescending(group => group.Key)
        .Select(group => $"{(group.Key == SiteAccess.Write ? "full" : group.Key == SiteAccess.Read ? "read" : "none")}: {string.Join(", ", group.Select(Words))}"));

    /// <summary><c>KetamineRacemic</c> as <c>ketamine racemic</c>.</summary>
    internal static string Words<T>(T value)
        where T : struct, System.Enum =>
        Input.Choice<T>.Name(value).Replace('-', ' ');

    /// <summary>What is confirmed before a patient leaves, by its field.</summary>
    internal static string ChecklistItem(string field) => field["checklist.".Length..] switch
    {
        "no_driving_advice_given" => "told not to drive until the next day",
        "moaas" => "awake (MOAA/S)",
        "cadss6" => "not dissociated (CADSS-6 or a rating)",
        "spo2_percent" => "oxygen saturation",
        var other => other.Replace('_', ' '),
    };

    /// <summary>1 site, 2 sites.</summary>
    internal static string Count(long count, string one, string? more = null) => count == 1 ? $"1 {one}" : $"{count} {more ?? one + "s"}";

    internal static string YesNo(bool value) => value ? "yes" : "no";

    /// <summary>Messages as one JSON array, one message a line.</summary>
    internal static string JsonArray(IEnumerable<IMessage> messages) =>
        $"[{string.Join(",\n ", messages.Select(message => JsonFormatter.Default.Format(message)))}]";
}
