namespace ClinicNetwork.Verification;

/// <summary>One reason to refuse a release. It never holds row content: the place, the rule and at most a column's name.</summary>
/// <param name="Rule">One of <see cref="Rules"/>.</param>
/// <param name="File">Path relative to the verified folder, with forward slashes.</param>
/// <param name="Line">Line of <paramref name="File"/>, from 1; null when the finding is about the whole file.</param>
/// <param name="Message">What is wrong, or what to do.</param>
public sealed record Finding(string Rule, string File, long? Line, string Message);
