namespace ClinicNetwork.Journal.Keys;

/// <summary>Where sealed values of persons belong; both the writing and the reading side take the place from here.</summary>
internal static class ReleasePlaces
{
    public static Place Pool(string person, long version) => new(person, version, "pool");

    public static Place Outcome(string person, long version, string milestone) => new(person, version, "outcome/" + milestone);

    public static Place Region(string releaseStream, string cell) => new(releaseStream, 0, "region/" + cell);

    /// <summary>The number is the publication's: its rows come from the release stream, not from the person's. Called as before 0.6, when a publication had one batch.</summary>
    public static Place Released(string person, int publication, string milestone) => new(person, publication, "batch-row/" + milestone);

    public static Place Submitted(string stream, long version, string record) => new(stream, version, "submitted/" + record);
}
