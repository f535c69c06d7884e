namespace ClinicNetwork.Faults.Releases;

/// <summary>One patient of the races.</summary>
/// <param name="Number">Among those of the same day; decides the outcome.</param>
internal sealed record Person(int Day, int Number)
{
    public string Name => $"patients/r-{Day}-{Number}";

    /// <summary>As the store names the person.</summary>
    public string Stream => $"pt-r-{Day}-{Number}";

    /// <summary>A second course has begun.</summary>
    public bool Again { get; set; }
}
