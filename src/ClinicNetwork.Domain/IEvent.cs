namespace ClinicNetwork.Domain;

/// <summary>
/// Something that happened and was accepted. Stored for ever under its <c>[Alias]</c>, which therefore never changes; a change of
/// meaning is a new event type.
/// </summary>
public interface IEvent;
