using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Import;

/// <summary>The limits of care.v1 EnrolPatient, and doubles within the file.</summary>
internal sealed class PatientRowCheck(List<RowProblem> problems)
{
    private readonly Dictionary<string, long> patients = [];
    private readonly Dictionary<string, long> recordNumbers = [];

    /// <param name="values">In the order of <see cref="PatientCsv.Columns"/>.</param>
    /// <returns>Null when there is a problem; each one was added.</returns>
    internal PatientRow? Row(long line, string[] values)
    {
        var before = problems.Count;
        var patient = Check(
            line, "patient", Parse.Patient(values[0]), "give 1 to 40 of a-z, 0-9 and inner dashes; never a name or a record number");
        var givenName = Check(line, "given_name", Name(values[1], 120), "give 1 to 120 characters");
        var familyName = Check(line, "family_name", Name(values[2], 120), "give 1 to 120 characters");
        var birthDate = Check(line, "birth_date", Parse.Day(values[3]), "give a day as YYYY-MM-DD");
        var sex = Check(line, "sex", Choice<Sex>.Find(values[4]), $"give {string.Join(", ", Choice<Sex>.Names)}");
        var record = Check(line, "record_number", Name(values[5], 60), "give 1 to 60 characters");
        var enrolledOn = Check(line, "enrolled_on", Parse.Day(values[6]), "give a day as YYYY-MM-DD");
        if (birthDate is { } birth && enrolledOn is { } enrolled && (birth.AddYears(18) > enrolled || birth.AddYears(121) <= enrolled))
            problems.Add(new(line, "birth_date", "must lie 18 to 120 years before enrolled_on"));
        Once(line, "patient", patient, patients);
        Once(line, "record_number", record, recordNumbers);
        return problems.Count > before
            ? null
            : new(line, patient!, givenName!, familyName!, birthDate!.Value, sex!.Value, record!, enrolledOn!.Value);
    }

    private T? Check<T>(long line, string field, T? value, string message)
    {
        if (value is null)
            problems.Add(new(line, field, message));
        return value;
    }

    private void Once(long line, string field, string? value, Dictionary<string, long> seen)
    {
        if (value is not null && !seen.TryAdd(value, line))
            problems.Add(new(line, field, $"is the same as in line {seen[value]}; each may occur once"));
    }

    private static string? Name(string text, int max) =>
        text.Trim() is { Length: > 0 } trimmed && trimmed.Length <= max && !trimmed.Any(char.IsControl) ? trimmed : null;
}
